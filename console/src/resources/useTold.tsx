import { App, Button } from "antd";

/** So long one may do something about what was told: six seconds were too short for who was reading. */
const SECONDS = 12;

/** Returns what says that something was done, beside a button for what one may do about it; `key` is of what it was done to. */
export function useTold() {
  const { message } = App.useApp();
  return (key: string, text: string, label: string, run: () => void) => {
    const press = () => {
      message.destroy(key);
      run();
    };
    const content = (
      <>
        {text}{" "}
        <Button size="small" onClick={press}>
          {label}
        </Button>
      </>
    );
    message.success({ key, duration: SECONDS, content });
  };
}

import { Alert, Button, Input } from "antd";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Refusal, signIn } from "../api/session";
import { choose } from "../i18n";
import { LanguageSwitch } from "./LanguageSwitch";

/** The first page. It keeps to plain inputs, so that who opens it for the first time waits for no form library. */
export function SignIn({ onTyping }: { onTyping: () => void }) {
  const { t } = useTranslation();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [state, setState] = useState<"idle" | "busy" | Refusal>("idle");
  const id = useId();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (state === "busy") return;
    setState("busy");
    setState((await signIn(username, password)) ?? "idle");
  };
  return (
    <main className="sign-in">
      <form onSubmit={submit} onInput={onTyping}>
        <h1>{t("signIn.title")}</h1>
        <label htmlFor={`${id}u`}>{t("signIn.username")}</label>
        <Input
          id={`${id}u`}
          autoComplete="username"
          autoFocus
          required
          size="large"
          value={username}
          onChange={(event) => setUsername(event.target.value)}
        />
        <label htmlFor={`${id}p`}>{t("signIn.password")}</label>
        <Input.Password
          id={`${id}p`}
          autoComplete="current-password"
          required
          size="large"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {state !== "idle" && state !== "busy" && <Alert type="error" showIcon title={t(`signIn.${state}`)} />}
        <Button type="primary" htmlType="submit" block size="large" loading={state === "busy"}>
          {t("signIn.submit")}
        </Button>
        <LanguageSwitch onSwitch={choose} />
      </form>
    </main>
  );
}

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Root } from "./app/Root";
import { startLanguage } from "./i18n";
import "./style/base.css";
import "./style/frame.css";
import "./style/lists.css";
import "./style/records.css";

startLanguage().then(() =>
  createRoot(document.getElementById("root")!).render(
    <StrictMode>
      <Root />
    </StrictMode>,
  ),
);

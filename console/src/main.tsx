import "./api/early";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { signedInBy } from "./api/session";
import { fetchWorkspaceAhead, Root } from "./app/Root";
import { startLanguage } from "./i18n";
import "./style/base.css";
import "./style/frame.css";
import "./style/lists.css";
import "./style/records.css";

if (signedInBy()) fetchWorkspaceAhead();
startLanguage().then(() =>
  createRoot(document.getElementById("root")!).render(
    <StrictMode>
      <Root />
    </StrictMode>,
  ),
);

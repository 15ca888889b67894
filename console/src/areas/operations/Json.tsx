import "./operations.css";

/** What a program says, as it says it. */
export function Json({ label, value }: { label: string; value: unknown }) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return (
    <section className="json" aria-label={label}>
      <pre>{text}</pre>
    </section>
  );
}

import { CONTROL_CLASS, Field, fieldControlProps } from "./field.tsx";

interface TextFieldProps {
  id: string;
  label: string;
  value: string;
  onChange(value: string): void;
  onBlur?(): void;
  hint?: string;
  error?: string | undefined;
  optional?: boolean;
  hideLabel?: boolean;
  placeholder?: string;
}

/** One line of text. Names of things at Azure are no words: no spell check, no capital letters. */
export function TextField({
  id,
  label,
  value,
  onChange,
  onBlur,
  hint,
  error,
  optional,
  hideLabel,
  placeholder,
}: TextFieldProps) {
  return (
    <Field id={id} label={label} hint={hint} error={error} optional={optional ?? false} hideLabel={hideLabel ?? false}>
      <input
        {...fieldControlProps(id, error, Boolean(hint))}
        type="text"
        value={value}
        placeholder={placeholder}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onBlur={onBlur}
        className={CONTROL_CLASS}
      />
    </Field>
  );
}

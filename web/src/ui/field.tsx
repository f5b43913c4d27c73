export interface FieldProps { label: string; value: string; set: (value: string) => void; type?: string; placeholder?: string }

export function Field({ label, value, set, type = 'text', placeholder }: FieldProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input type={type} inputMode={type === 'number' ? 'decimal' : undefined} step="any" value={value} placeholder={placeholder} onInput={(e) => set(e.currentTarget.value)} />
    </label>
  );
}

/** hint: one line below; is_wide: two columns. */
export interface SelectProps { label: string; value: string; options: [string, string][]; set: (value: string) => void; hint?: string | undefined; is_wide?: boolean }

export function Select({ label, value, options, set, hint, is_wide = false }: SelectProps) {
  return (
    <label class={`field ${is_wide ? 'wide' : ''}`}>
      <span>{label}</span>
      <select value={value} onChange={(e) => set(e.currentTarget.value)}>
        {options.map(([key, text]) => <option key={key} value={key}>{text}</option>)}
      </select>
      {hint && <small class="soft">{hint}</small>}
    </label>
  );
}

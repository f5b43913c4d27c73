/* Practice, day by day: a column a week, a square a day. */
export interface Day { day: string; minutes: number }

const WEEKS = 26;
const SIZE = 14;
const NAMES = ['Mon', '', 'Wed', '', 'Fri', '', 'Sun'];

export interface Square { day: string; minutes: number; week: number; row: number }

/** The last 26 weeks up to the day, Mondays on top. */
export function squaresOf(days: readonly Day[], today: string): Square[] {
  const minutes = new Map(days.map((d) => [d.day, d.minutes]));
  const end = new Date(`${today}T12:00:00Z`);
  const rows_after = 6 - ((end.getUTCDay() + 6) % 7);
  const count = WEEKS * 7 - rows_after;
  return Array.from({ length: count }, (_, i) => {
    const day = new Date(end.getTime() - (count - 1 - i) * 86400e3).toISOString().slice(0, 10);
    return { day, minutes: minutes.get(day) ?? 0, week: Math.floor(i / 7), row: i % 7 };
  });
}

export function Calendar({ days, today }: { days: readonly Day[]; today: string }) {
  const squares = squaresOf(days, today);
  const total = squares.reduce((sum, s) => sum + s.minutes, 0);
  const active = squares.filter((s) => s.minutes > 0).length;
  const months = squares.filter((s) => s.row === 0 && Number(s.day.slice(8)) <= 7);
  return (
    <>
      <svg class="calendar" viewBox={`0 0 ${30 + WEEKS * SIZE} ${20 + 7 * SIZE}`} role="img" aria-label={`${active} days of practice in half a year, ${Math.round(total)} minutes`}>
        {NAMES.map((name, i) => name && <text key={name} x="0" y={14 + i * SIZE + 11}>{name}</text>)}
        {months.map((s) => <text key={s.day} x={28 + s.week * SIZE} y="9">{new Date(`${s.day}T12:00:00Z`).toLocaleString('en-GB', { month: 'short', timeZone: 'UTC' })}</text>)}
        {squares.map((s) => <rect key={s.day} class={`m${shade(s.minutes)}`} x={28 + s.week * SIZE} y={14 + s.row * SIZE} width={SIZE - 2} height={SIZE - 2} rx="2"><title>{`${s.day}: ${Math.round(s.minutes)} minutes`}</title></rect>)}
      </svg>
      <p class="soft">{active} {active === 1 ? 'day' : 'days'}, {spent(total)} in half a year. The darker, the longer: to 15, 30, more minutes.</p>
    </>
  );
}

/** Minutes as a person says them: 45 minutes, 12 hours. */
export function spent(minutes: number): string {
  if (minutes >= 90) return `${Math.round(minutes / 60)} hours`;
  const whole = Math.round(minutes);
  return whole < 1 && minutes > 0 ? 'less than a minute' : `${whole} ${whole === 1 ? 'minute' : 'minutes'}`;
}

export function shade(minutes: number): number {
  return minutes <= 0 ? 0 : minutes < 15 ? 1 : minutes < 30 ? 2 : 3;
}

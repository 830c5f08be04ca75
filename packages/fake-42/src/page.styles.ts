/** The whole style of the fake 42's pages; the content security policy pins its hash. */
export const styles = `
:root { color-scheme: light dark; --page: #f4f5f7; --card: #fff; --text: #16181d; --soft: #5b6270; --line: #d9dce3; --accent: #00706f; --on-accent: #fff; --notice: #fff4d6; }
@media (prefers-color-scheme: dark) { :root { --page: #14161b; --card: #1d2027; --text: #eceef2; --soft: #a3aab8; --line: #343944; --accent: #4fd1c9; --on-accent: #06201f; --notice: #3a3114; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem 1rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 26rem; padding: 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem; overflow-wrap: anywhere; }
h1 { margin: 1.25rem 0 .25rem; font-size: 1.375rem; line-height: 1.25; }
p { margin: 0 0 1rem; }
form { margin-top: 1rem; }
.notice { margin: 0; padding: .75rem 1rem; border-radius: .5rem; background: var(--notice); font-size: .875rem; }
.hint, .login { color: var(--soft); font-size: .875rem; }
.hint { margin: .375rem 0 0; }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; }
button, input { font: inherit; min-height: 2.75rem; border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .875rem; background: transparent; color: inherit; }
button { cursor: pointer; }
button:hover { border-color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
li button { display: flex; align-items: center; gap: .75rem; width: 100%; text-align: start; line-height: 1.3; }
.initials { display: grid; place-items: center; flex: none; width: 2.25rem; height: 2.25rem; border-radius: 50%; background: var(--accent); color: var(--on-accent); font-size: .8125rem; font-weight: 600; }
label { display: block; margin-bottom: .25rem; font-weight: 600; }
.row { display: flex; gap: .5rem; }
.row input { flex: 1; min-width: 0; }
[aria-invalid] { border-color: #c62f3b; }
.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
.quiet { width: 100%; color: var(--soft); }
`;

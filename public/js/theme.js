// Runs before the style sheets: "as the system" becomes light or dark without a flash.
const root = document.documentElement;
const dark = matchMedia('(prefers-color-scheme: dark)');
const apply = () => {
  if (root.dataset.theme === 'auto') root.dataset.bsTheme = dark.matches ? 'dark' : 'light';
};
apply();
dark.addEventListener('change', apply);
try {
  if (localStorage.getItem('cb-fold') === 'yes') root.dataset.fold = 'yes';
} catch {
  // A browser that keeps nothing shows the menu unfolded.
}

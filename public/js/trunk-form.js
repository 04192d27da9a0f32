// What only another telephone system has is shown for one only. Without this it always is.
const kind = document.getElementById('f-kind');
const section = document.getElementById('pbx');
if (kind && section) {
  const show = () => {
    const isPbx = kind.value === 'pbx';
    section.hidden = !isPbx;
    for (const link of document.querySelectorAll('a[href="#pbx"]')) link.hidden = !isPbx;
  };
  kind.addEventListener('change', show);
  show();
}

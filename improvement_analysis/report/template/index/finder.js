(() => {
  const named = (name) => document.getElementById(name);
  const rows = [...document.querySelectorAll("[data-name]")];
  const find = () => {
    const words = named("find").value.toLowerCase().split(/\s+/).filter(Boolean);
    let many = 0;
    for (const row of rows) {
      row.hidden = !words.every((word) => row.dataset.name.includes(word));
      many += !row.hidden;
    }
    for (const part of document.querySelectorAll("details.part")) {
      part.hidden = !part.querySelector("[data-name]:not([hidden])");
      part.open = words.length > 0 && !part.hidden;
    }
    named("shown").textContent = words.length ? `${many} of ${rows.length} shown` : "";
  };
  const services = rows.filter((row) => row.dataset.teams);
  const orders = {
    "": () => 0,
    name: (one, other) => one.dataset.name.localeCompare(other.dataset.name, "en", { numeric: true }),
    teams: (one, other) => other.dataset.teams - one.dataset.teams,
  };
  const sort = () => {
    const sorted = [...services].sort(orders[named("order").value]);
    if (sorted.length) sorted[0].parentNode.append(...sorted);
  };
  named("find").addEventListener("input", find);
  named("order").addEventListener("change", sort);
  named("finder").hidden = false;
})();

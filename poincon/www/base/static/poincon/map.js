// Draws the maps of a page from the data beside them. Its table says the same without it.

const textOf = (tag, text, className) => {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
};

const popupOf = (place) => {
  const popup = document.createElement("div");
  const name = textOf(place.url ? "a" : "span", place.label, "place-name");
  if (place.url) name.href = place.url;
  popup.append(name);
  if (place.detail) popup.append(textOf("p", place.detail, "map-detail"));
  return popup;
};

const mark = (place) =>
  L.marker(place.at, {
    icon: L.divIcon({ className: `map-mark map-mark-${place.tone}`, iconSize: [44, 44] }),
    title: place.label,
    riseOnHover: true,
  }).bindPopup(popupOf(place));

const outlineStyle = (areas) => (feature) => {
  const area = areas[feature.id];
  return { className: area ? `map-area map-shade-${area.shade}` : "map-area", weight: 1.5 };
};

const drawOutlines = async (map, data) => {
  const answers = await Promise.all(data.outlines.map((address) => fetch(address)));
  const layers = await Promise.all(answers.map((answer) => answer.json()));
  const group = L.featureGroup(
    layers.map((features) =>
      L.geoJSON(features, {
        style: outlineStyle(data.areas),
        onEachFeature: (feature, layer) => {
          const area = data.areas[feature.id];
          layer.bindTooltip(area ? `${area.label} : ${area.said}` : feature.properties.name, { sticky: true });
        },
      }),
    ),
  ).addTo(map);
  group.bringToBack();
  return group;
};

const placesOf = async (data) => (data.places_url ? (await fetch(data.places_url)).json() : data.places);

const drawMap = async (element) => {
  const data = JSON.parse(document.getElementById(element.dataset.map).textContent);
  const map = L.map(element, { zoomControl: false, scrollWheelZoom: false, attributionControl: false, zoomSnap: 0.25 });
  L.control.zoom({ zoomInTitle: element.dataset.zoomIn, zoomOutTitle: element.dataset.zoomOut }).addTo(map);
  if (data.tiles) {
    element.classList.add("map-with-tiles");
    L.tileLayer(data.tiles).addTo(map);
    L.control.attribution({ prefix: false }).addAttribution(textOf("span", data.credit).innerHTML).addTo(map);
  }
  map.setView([46.6, 2.4], 6);
  const marks = L.featureGroup((await placesOf(data)).map(mark)).addTo(map);
  const ground = await drawOutlines(map, data);
  const bounds = ground.getBounds().isValid() ? ground.getBounds() : marks.getBounds();
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [12, 12], maxZoom: 13 });
};

const drawOrSay = (element) =>
  drawMap(element).catch(() => element.prepend(textOf("p", element.dataset.lost, "map-lost")));

document.querySelectorAll("[data-map]").forEach(drawOrSay);

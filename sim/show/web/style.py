"""How the page looks, and the few lines that run in the browser. Nothing is fetched: system fonts, no icons, no tiles."""

from __future__ import annotations

_LIGHT = """
color-scheme: light; --page: #ffffff; --panel: #f4f5f6; --text: #16191d; --soft: #50565e; --edge: #8a9199; --hair: #d9dde1;
--usual: #5f5f5f; --policy: #0072b2; --other: #b34700; --band-usual: #5f5f5f33; --band-policy: #0072b226; --good: #00634a;
--warn: #fff3d6; --focus: #b34700; --button: #ffffff;
"""
_DARK = """
color-scheme: dark; --page: #14181d; --panel: #1d232a; --text: #eceff2; --soft: #b4bcc5; --edge: #7d8894; --hair: #38414b;
--usual: #b5b5b5; --policy: #56b4e9; --other: #f0a35e; --band-usual: #b5b5b530; --band-policy: #56b4e930; --good: #5fd0ae;
--warn: #43360f; --focus: #f0a35e; --button: #27303a;
"""

FIGURE = """
svg text { font: 12px system-ui, sans-serif; fill: var(--text); }
svg .title { font-weight: 600; font-size: 13.5px; } svg .unit { font-weight: 400; fill: var(--soft); font-size: 12px; }
svg .tick { fill: var(--soft); } svg .grid { stroke: var(--hair); } svg .since { stroke: var(--edge); stroke-dasharray: 2 3; }
svg .band { stroke: none; } svg .band.usual { fill: var(--band-usual); } svg .band.policy { fill: var(--band-policy); }
svg .hatch { stroke: var(--policy); stroke-width: 1; opacity: .5; }
svg .line { fill: none; stroke-width: 2.2; } svg .line.usual { stroke: var(--usual); stroke-dasharray: 6 3; }
svg .line.policy { stroke: var(--policy); } svg .line.sketch { stroke-width: 1.4; } svg .mark { fill: var(--policy); }
svg .place { stroke: var(--page); stroke-width: 1.2; }
svg .code { font-size: 12px; text-anchor: middle; } svg .value { font-size: 16px; text-anchor: middle; font-weight: 600; }
svg.tree .tick { font-size: 9.5px; }
svg .life { fill: none; stroke-linecap: butt; } svg .fall { fill: var(--text); stroke: var(--page); stroke-width: .7; }
svg .now { stroke: var(--other); stroke-width: 1.5; stroke-dasharray: 4 3; }
svg .line.other { stroke: var(--other); stroke-dasharray: 2 2; }
"""

STYLE = f"""
:root {{ {_LIGHT} }}
@media (prefers-color-scheme: dark) {{ :root:not([data-look="light"]) {{ {_DARK} }} }}
:root[data-look="dark"] {{ {_DARK} }}
html, body {{ background: var(--page); color: var(--text); margin: 0; }}
body {{ font: 15px/1.45 system-ui, sans-serif; }}
.nicegui-content {{ padding: 0; gap: 0; display: block; max-width: none; width: 100%; }}
h1, h2, h3 {{ font-weight: 650; letter-spacing: 0; }} h1 {{ font-size: 1.2rem; line-height: 1.3; margin: 0; }}
h2 {{ font-size: 1.05rem; line-height: 1.3; margin: 0 0 .3rem; }}
h3 {{ font-size: .95rem; line-height: 1.3; margin: .1rem 0; }} p {{ margin: .2rem 0 .5rem; }}
.soft {{ color: var(--soft); font-size: .87rem; }}
.sr {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }}
.skip {{ position: absolute; left: -999px; }}
.skip:focus {{ left: .5rem; top: .5rem; background: var(--page); padding: .5rem; z-index: 9; }}
.top {{ display: flex; flex-wrap: wrap; gap: .3rem 1rem; align-items: center; padding: .5rem .9rem;
  border-bottom: 1px solid var(--hair); }}
.top > div {{ flex: 1 1 16rem; }}
.row {{ display: flex; flex-wrap: wrap; gap: .4rem .5rem; align-items: center; }}
button, select, .page input[type=text] {{ font: inherit; color: var(--text); background: var(--button);
  border: 1px solid var(--edge); border-radius: 4px; padding: .25rem .55rem; min-height: 32px; max-width: 100%; }}
button {{ cursor: pointer; }} button[aria-pressed=true] {{ background: var(--text); color: var(--page); border-color: var(--text); }}
button.main {{ background: var(--policy); color: var(--page); border-color: var(--policy); font-weight: 600; }}
:focus-visible {{ outline: 3px solid var(--focus); outline-offset: 1px; }}
a {{ color: var(--policy); }}
.columns {{ display: grid; grid-template-columns: 340px minmax(0, 1fr); }}
.levers {{ background: var(--panel); padding: .7rem .9rem 3rem; border-right: 1px solid var(--hair); }}
.results {{ padding: .7rem .9rem 3rem; min-width: 0; }}
@media (min-width: 800px) {{
  .page {{ height: 100vh; display: flex; flex-direction: column; }}
  .columns {{ flex: 1; min-height: 0; grid-template-rows: minmax(0, 1fr); }}
  .levers, .results {{ overflow-y: auto; }}
}}
details > summary {{ cursor: pointer; padding: .25rem 0; display: list-item; }}
.row > label, label.row {{ gap: .35rem; }}
select {{ min-width: 0; }} .budget select {{ width: 100%; }}
.family > summary {{ font-weight: 600; border-top: 1px solid var(--hair); margin-top: .4rem; padding-top: .5rem; }}
.lever {{ padding: .3rem 0 .5rem; }} .lever label {{ font-weight: 500; }}
.lever output {{ float: right; font-variant-numeric: tabular-nums; font-weight: 600; }}
input[type=range] {{ width: 100%; margin: .2rem 0; accent-color: var(--policy); height: 24px; }}
.fine {{ font-size: .84rem; color: var(--soft); display: flex; flex-wrap: wrap; gap: .15rem .6rem; align-items: center; }}
.fine select {{ min-height: 26px; padding: 0 .2rem; }} .fine label {{ font-weight: 400; }}
.about {{ font-size: .84rem; }} .about > summary {{ color: var(--soft); text-decoration: underline dotted; }}
.badge {{ border: 1px solid var(--edge); border-radius: 9px; padding: 0 .45rem; }}
.badge.thin {{ border-style: dotted; }} .badge.mixed {{ border-style: dashed; }} .badge.strong {{ border-width: 2px; }}
.budget {{ border: 1px solid var(--hair); background: var(--page); border-radius: 6px; padding: .5rem .6rem; margin: .4rem 0; }}
.bar {{ position: relative; height: 20px; background: var(--hair); border-radius: 3px; overflow: hidden; margin: .3rem 0; }}
.bar i {{ position: absolute; top: 0; bottom: 0; }} .bar .us {{ background: var(--policy); }}
.bar .mx {{ background: repeating-linear-gradient(45deg, var(--other) 0 5px, var(--page) 5px 7px); }}
.bar .goal {{ width: 3px; background: var(--text); }}
.key {{ display: inline-block; width: 12px; height: 12px; vertical-align: -1px; margin-right: .3rem; }}
.key.us {{ background: var(--policy); }}
.key.mx {{ background: repeating-linear-gradient(45deg, var(--other) 0 4px, var(--page) 4px 6px); }}
.drawer {{ border: 1px dashed var(--edge); border-radius: 6px; padding: .2rem .6rem; margin: .4rem 0 .8rem; }}
.drawer .grid {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(250px, 1fr)); gap: .5rem 1rem; }}
.notice {{ background: var(--warn); border-left: 4px solid var(--focus); padding: .4rem .7rem; margin: .4rem 0; }}
.notice:empty, .hidden {{ display: none; }}
.status {{ min-height: 1.5em; }}
.charts {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(290px, 1fr)); gap: .6rem 1rem; margin-top: .4rem; }}
.charts figure {{ margin: 0; min-width: 0; }} .chart, .map, .tree {{ width: 100%; height: auto; display: block; }}
figcaption {{ font-variant-numeric: tabular-nums; font-size: .9rem; padding: 0 0 0 4px; min-height: 1.4em; }}
.legend {{ display: flex; flex-wrap: wrap; gap: .2rem 1rem; font-size: .87rem; }}
.swatch {{ display: inline-block; width: 30px; height: 0; border-top: 3px solid var(--policy); vertical-align: 4px; margin-right: .35rem; }}
.swatch.usual {{ border-top: 3px dashed var(--usual); }}
table {{ border-collapse: collapse; font-size: .84rem; font-variant-numeric: tabular-nums; }} caption {{ text-align: left; }}
th, td {{ text-align: right; padding: .1rem .5rem .1rem 0; border-bottom: 1px solid var(--hair); font-weight: 400; }}
th:first-child {{ text-align: left; }} thead th {{ color: var(--soft); }} .wide {{ overflow-x: auto; }}
.page[data-view=charts] .story, .page:not([data-view=charts]) .only-charts,
.page:not([data-view=map]) .only-map, .page:not([data-view=tree]) .only-tree, .page:not([data-view=news]) .only-news {{ display: none; }}
fieldset {{ border: 1px solid var(--hair); border-radius: 6px; margin: .3rem 0; padding: .3rem .6rem; }}
.time {{ display: grid; grid-template-columns: auto 1fr auto; gap: .6rem; align-items: center; }}
.news {{ list-style: none; padding: 0; margin: .4rem 0; }} .news li {{ padding: .2rem 0; border-bottom: 1px solid var(--hair); }}
.news b {{ display: inline-block; min-width: 5.2rem; font-weight: 600; }}
.story-panes {{ max-width: 900px; }} .story-panes figure {{ margin: .4rem 0; }} .map {{ max-width: 720px; }}
.fork {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(280px, 1fr)); gap: .5rem 1rem; align-items: start; }}
.mini {{ display: none; }}
@media (max-width: 1150px) {{ .tagline {{ display: none; }} }}
@media (max-width: 799px) {{
  .mini:not(:empty) {{ display: block; position: fixed; inset: auto 0 0 0; background: var(--page); border-top: 2px solid var(--policy);
    padding: .4rem .7rem; font-size: .9rem; font-variant-numeric: tabular-nums; z-index: 5; }}
  .columns {{ display: flex; flex-direction: column-reverse; }} .levers {{ border: 0; border-top: 1px solid var(--hair); }}
  .charts {{ grid-template-columns: 1fr; }} button, select {{ min-height: 40px; }}
  .fine select {{ min-height: 34px; }} input[type=range] {{ height: 34px; }}
  .page[data-view=charts] .charts figure:not(:first-child) .wide {{ max-height: 14rem; overflow-y: auto; }}
  .levers {{ padding-top: .5rem; }}
}}
@media (prefers-reduced-motion: reduce) {{ * {{ scroll-behavior: auto !important; }} }}
@media print {{ .levers, .top nav {{ display: none; }} .columns {{ display: block; }} }}
{FIGURE}
"""

STANDALONE = f":root {{ {_LIGHT} }} svg {{ background: var(--page); }} {FIGURE}"

SCRIPT = """
window.put = (texts) => { for (const [id, text] of Object.entries(texts)) {
  const e = document.getElementById(id); if (e) e.textContent = text; } };
window.setValues = (values) => { for (const [id, value] of Object.entries(values)) {
  const e = document.getElementById(id);
  if (e) { if (e.type === 'checkbox') e.checked = value; else e.value = value; } } };
window.setStyles = (styles) => { for (const [id, style] of Object.entries(styles)) {
  const e = document.getElementById(id); if (e) Object.assign(e.style, style); } };
window.address = (query) => history.replaceState(null, '', query ? '?' + query : location.pathname);
window.copyLink = (done, byHand) => {
  const say = (text) => window.put({notice: text});
  if (!navigator.clipboard) return say(byHand);
  navigator.clipboard.writeText(location.href).then(() => say(done), () => say(byHand)); };
window.showView = (view) => {
  document.querySelector('.page').dataset.view = view;
  document.querySelectorAll('[data-view-button]').forEach((b) => b.setAttribute('aria-pressed', b.dataset.viewButton === view)); };
window.playing = null;
window.togglePlay = (button) => {
  const slider = document.getElementById('month');
  const stop = () => { clearInterval(window.playing); window.playing = null; button.textContent = button.dataset.play; };
  if (window.playing) return stop();
  if (+slider.value >= +slider.max) slider.value = 0;
  button.textContent = button.dataset.pause;
  window.playing = setInterval(() => {
    if (+slider.value >= +slider.max || !slider.isConnected) return stop();
    slider.value = +slider.value + 2;
    slider.dispatchEvent(new Event('input', {bubbles: true}));
  }, 300); };
"""

LISTEN = """(event) => {
  const e = event.target.closest('[data-do]');
  if (!e || e.disabled) return;
  const button = e.tagName === 'BUTTON';
  const slider = e.type === 'range';
  if ((event.type === 'click') !== button || (event.type === 'input') !== slider) return;
  if (e.dataset.do === 'view') window.showView(e.dataset.viewButton);
  if (e.dataset.do === 'play') return window.togglePlay(e);
  emit(e.dataset.do, button ? (e.dataset.viewButton || '') : e.type === 'checkbox' ? e.checked : e.value);
}"""
"""What a control with `data-do` tells the server when it is moved (sliders), changed (others) or pressed (buttons)."""

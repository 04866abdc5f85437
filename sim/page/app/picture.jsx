// A picture by Observable Plot in a page.
import {useLayoutEffect, useRef} from "preact/hooks";

/** A picture that is drawn anew when its width changes or what it shows does; its type grows with the page's. */
export function Picture({make, label, deps, onFigure, ...rest}) {
  const box = useRef();
  useLayoutEffect(() => {
    const draw = () => {
      const type = Math.max(13, 0.85 * parseFloat(getComputedStyle(box.current).fontSize));
      const figure = make(box.current.clientWidth || 640, type);
      for (const part of figure.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label"); // of marks: the label is the picture's
      figure.setAttribute("role", "img");
      figure.setAttribute("aria-label", label);
      box.current.replaceChildren(figure);
      onFigure?.(figure);
    };
    draw();
    let width = box.current.clientWidth;
    const watch = new ResizeObserver(() => { if (box.current && Math.abs(box.current.clientWidth - width) > 4) { width = box.current.clientWidth; draw(); } });
    watch.observe(box.current);
    return () => watch.disconnect();
  }, deps);
  return <div class="picture" ref={box} {...rest} />;
}

/** How wide a margin the labels of an axis need, so that no sign is cut off. */
export const gutter = (type, values, text) => type * (1.3 + 0.6 * Math.max(3, ...values.map((x) => text(x).length)));

/** How high dots of radius `r` pile up, in pixels, when values of a domain are laid out over a width. */
export function pile(values, [low, high], width, r) {
  const at = values.map((x) => (width * (x - low)) / (high - low)).sort((a, b) => a - b);
  return 2.2 * r * Math.max(0, ...at.map((from, k) => at.slice(k).filter((x) => x - from < 2.2 * r).length));
}

const SECONDS = 4, LOW = 220, OCTAVES = 2, LOUD = 0.15;
let audio;

/** A series as a tone, left ear, then right ear (Web Audio alone: chart2music weighs 154 KB): play one or two lists of yearly values one after the other on one scale, 0 at LOW. */
export function tones(...lists) {
  audio?.close();
  audio = new AudioContext();
  const most = Math.max(...lists.flat());
  lists.forEach((values, k) => {
    const voice = audio.createOscillator(), ear = audio.createStereoPanner(), volume = audio.createGain(), begin = audio.currentTime + 0.1 + k * (SECONDS + 0.5);
    voice.frequency.setValueCurveAtTime(values.map((x) => LOW * 2 ** ((OCTAVES * Math.max(0, x)) / most)), begin, SECONDS);
    ear.pan.value = lists.length === 1 ? 0 : k ? 1 : -1;
    volume.gain.value = LOUD;
    voice.connect(volume).connect(ear).connect(audio.destination);
    voice.start(begin);
    voice.stop(begin + SECONDS);
  });
}

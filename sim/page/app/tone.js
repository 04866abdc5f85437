// A series as a tone: left ear, then right ear; the higher the number, the higher the pitch. Web Audio alone: chart2music weighs 154 KB.

const SECONDS = 4, LOW = 220, OCTAVES = 2, LOUD = 0.15;
let audio;

/** Play one or two lists of yearly values one after the other on one scale, 0 at LOW. */
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

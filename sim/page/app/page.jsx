// Whichever page this is: the country's, or a lesson's.
import {told} from "./words.js";

if (told.audience) import("./lesson.jsx"); else import("./main.jsx");

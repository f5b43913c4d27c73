#include "library.h"

/* Shuffles, blues and jazz. */
/* clang-format off */
const dt_chart_entry dt__library_jazz[] = {
  {"shuffle",
   "title: Shuffle\n"
   "tags: shuffle blues\n"
   "tempo: 116\n"
   "swing: 2:1\n"
   "step: 1/8\n"
   "hi-hat |XxXxXxXx|\n"
   "snare  |--X---X-|\n"
   "kick   |x---x--x|\n"},
  {"halftime-shuffle",
   "title: Half-time shuffle with ghost notes\n"
   "tags: shuffle rock advanced\n"
   "tempo: 92\n"
   "step: 1/12\n"
   "hi-hat |X-xX-xX-xX-x|%|\n"
   "snare  |-g--g-Xg--g-|%|\n"
   "kick   |x----x-----x|x--x-x---x-x|\n"},
  {"texas-shuffle",
   "title: Texas shuffle, both hands\n"
   "tags: shuffle blues\n"
   "tempo: 124\n"
   "swing: 2:1\n"
   "step: 1/8\n"
   "hi-hat |xxxxxxxx|\n"
   "snare  |ggXgggXg|\n"
   "kick   |x-x-x-x-|\n"},
  {"flat-tire",
   "title: Flat-tire shuffle\n"
   "tags: shuffle blues\n"
   "tempo: 120\n"
   "swing: 2:1\n"
   "step: 1/8\n"
   "hi-hat |x-x-x-x-|\n"
   "snare  |-xXx-xXx|\n"
   "kick   |x-x-x-x-|\n"},
  {"blues12",
   "title: Slow blues in 12/8\n"
   "tags: blues\n"
   "tempo: 3/8 = 60\n"
   "meter: 12/8\n"
   "swing: never\n"
   "step: 1/8\n"
   "hi-hat |XxxXxxXxxXxx|\n"
   "snare  |---X-----X--|\n"
   "kick   |x----xx-----|\n"},
  {"doowop",
   "title: Ballad in 12/8\n"
   "tags: ballad oldies\n"
   "tempo: 3/8 = 66\n"
   "meter: 12/8\n"
   "swing: never\n"
   "step: 1/8\n"
   "ride        |XxxXxxXxxXxx|%|\n"
   "cross-stick |---x-----x--|%|\n"
   "kick        |x-----x----x|x----xx-----|\n"},
  {"jazz",
   "title: Jazz ride, hi-hat on 2 and 4\n"
   "tags: jazz\n"
   "tempo: 140\n"
   "swing: 2:1\n"
   "step: 1/8\n"
   "ride  |x-Xxx-Xx|x-Xxx-Xx|\n"
   "pedal |--x---x-|--x---x-|\n"
   "snare |-------g|---g----|\n"
   "kick  |g-g-g-g-|g-g-g-gg|\n"},
  {"jazz-ride",
   "title: Jazz, ride and hi-hat only\n"
   "tags: jazz beginner\n"
   "tempo: 120\n"
   "swing: 2:1\n"
   "step: 1/8\n"
   "ride  |x-xxx-xx|\n"
   "pedal |--x---x-|\n"},
  {"jazz-fast",
   "title: Jazz, up tempo\n"
   "tags: jazz advanced\n"
   "tempo: 240\n"
   "swing: 58%\n"
   "step: 1/8\n"
   "ride  |x-xxx-xx|x-x-x-xx|\n"
   "pedal |--x---x-|%|\n"
   "snare |---g----|-----g--|\n"},
  {"jazz-two",
   "title: Jazz in two\n"
   "tags: jazz\n"
   "tempo: 132\n"
   "swing: 2:1\n"
   "step: 1/8\n"
   "hi-hat      |o-xxo-xx|\n"
   "cross-stick |------x-|\n"
   "kick        |x---x---|\n"},
  {"jazz-comping",
   "title: Jazz comping, four bars\n"
   "tags: jazz advanced\n"
   "tempo: 150\n"
   "swing: 2:1\n"
   "step: 1/8\n"
   "ride  |x-xxx-xx|%|%|%|\n"
   "pedal |--x---x-|%|%|%|\n"
   "snare |---x--x-|x------x|--x--x--|-x----x-|\n"
   "kick  |x-----x-|---x----|x--x----|--x-x--x|\n"},
  {"jazz-waltz",
   "title: Jazz waltz\n"
   "tags: jazz waltz\n"
   "tempo: 144\n"
   "meter: 3/4\n"
   "swing: 2:1\n"
   "step: 1/8\n"
   "ride  |x-xxx-|x-xxxx|\n"
   "pedal |--x---|--x---|\n"
   "snare |-----g|---g--|\n"
   "kick  |x-----|x----x|\n"},
  {"jazz-five",
   "title: Jazz in 5/4\n"
   "tags: jazz odd\n"
   "tempo: 168\n"
   "meter: 5/4\n"
   "swing: 62%\n"
   "step: 1/8\n"
   "ride  |x-xxx-xxx-|\n"
   "pedal |--x---x---|\n"
   "snare |---g------|\n"
   "kick  |x-----x---|\n"},
  {"brushes-ballad",
   "title: Brushes, ballad\n"
   "tags: jazz brushes ballad\n"
   "tempo: 62\n"
   "swing: 2:1\n"
   "step: 1/8\n"
   "brush |x-XxX-Xx|\n"
   "pedal |--x---x-|\n"
   "kick  |g---g---|\n"},
  {"brushes-swing",
   "title: Brushes, medium swing\n"
   "tags: jazz brushes\n"
   "tempo: 138\n"
   "swing: 2:1\n"
   "step: 1/8\n"
   "brush |x-Xxx-Xx|\n"
   "pedal |--x---x-|\n"},
  {NULL, NULL},
};
/* clang-format on */

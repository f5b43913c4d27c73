#include "library.h"

/* Odd metres, polyrhythms, exercises. */
/* clang-format off */
const dt_chart_entry dt__library_odd[] = {
  {"seven",
   "title: Seven eighths, 2+2+3\n"
   "tags: odd\n"
   "tempo: 124\n"
   "meter: 7/8\n"
   "swing: straight sixteenths\n"
   "step: 1/8\n"
   "hi-hat |XxXxXxx|\n"
   "snare  |--X--X-|\n"
   "kick   |x---x--|\n"},
  {"five-four",
   "title: Rock in 5/4\n"
   "tags: odd rock\n"
   "tempo: 112\n"
   "meter: 5/4\n"
   "step: 1/8\n"
   "hi-hat |XxXxXxXxXx|\n"
   "snare  |--X---X---|\n"
   "kick   |x---xx--x-|\n"},
  {"seven-four",
   "title: Rock in 7/4\n"
   "tags: odd rock\n"
   "tempo: 124\n"
   "meter: 7/4\n"
   "step: 1/8\n"
   "hi-hat |XxXxXxXxXxXxXx|\n"
   "snare  |--X---X---X---|\n"
   "kick   |x---x---xx--x-|\n"},
  {"five-eight",
   "title: Five eighths, 3+2\n"
   "tags: odd\n"
   "tempo: 120\n"
   "meter: 5/8\n"
   "swing: never\n"
   "step: 1/8\n"
   "hi-hat |XxxXx|\n"
   "snare  |---X-|\n"
   "kick   |x-x--|\n"},
  {"nine-eight",
   "title: Nine eighths, 2+2+2+3\n"
   "tags: odd\n"
   "tempo: 140\n"
   "meter: 9/8\n"
   "swing: never\n"
   "step: 1/8\n"
   "hi-hat |XxXxXxXxx|\n"
   "snare  |--X---X--|\n"
   "kick   |x---x---x|\n"},
  {"eleven-eight",
   "title: Eleven eighths, 3+3+3+2\n"
   "tags: odd advanced\n"
   "tempo: 132\n"
   "meter: 11/8\n"
   "swing: never\n"
   "step: 1/8\n"
   "hi-hat |XxxXxxXxxXx|\n"
   "snare  |---X-----X-|\n"
   "kick   |x-----x----|\n"},
  {"polymetre",
   "title: Hi-hat in threes over four\n"
   "tags: odd polyrhythm advanced\n"
   "tempo: 96\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "hi-hat |X--X--X--X--X--X|--X--X--X--X--X-|-X--X--X--X--X--|\n"
   "snare  |----X-------X---|%|%|\n"
   "kick   |x-------x-------|%|%|\n"},
  {"three-over-two",
   "title: Three over two\n"
   "tags: polyrhythm exercise\n"
   "tempo: 80\n"
   "meter: 2/4\n"
   "step: 1/12\n"
   "snare       |X-x-x-|\n"
   "kick        |x--x--|\n"
   "hands snare |R-R-R-|\n"},
  {"four-over-three",
   "title: Four over three\n"
   "tags: polyrhythm exercise\n"
   "tempo: 100\n"
   "meter: 3/4\n"
   "step: 1/16\n"
   "snare |X--x--x--x--|\n"
   "kick  |x---x---x---|\n"},
  {"quarters",
   "title: Quarters on the snare\n"
   "tags: exercise beginner\n"
   "tempo: 100\n"
   "step: 1/4\n"
   "snare |xxxx|\n"},
  {NULL, NULL},
};
/* clang-format on */

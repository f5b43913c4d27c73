#include "library.h"

/* The 40 international drum rudiments of the Percussive Arts Society, with stickings. */
/* clang-format off */
const dt_chart_entry dt__library_rudiments[] = {
  {"rolls",
   "title: Single stroke roll\n"
   "tags: rudiment roll single beginner\n"
   "tempo: 100\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "snare |xxxxxxxxxxxxxxxx|\n"
   "hands |RLRLRLRLRLRLRLRL|\n"},
  {"single-stroke-four",
   "title: Single stroke four\n"
   "tags: rudiment roll single\n"
   "tempo: 80\n"
   "meter: 2/4\n"
   "step: 1/24\n"
   "snare |xxxX--xxxX--|%|\n"
   "hands |RLRL--RLRL--|%|\n"},
  {"single-stroke-seven",
   "title: Single stroke seven\n"
   "tags: rudiment roll single\n"
   "tempo: 80\n"
   "step: 1/24\n"
   "snare |xxxxxxX-----xxxxxxX-----|\n"
   "hands |RLRLRLR-----LRLRLRL-----|\n"},
  {"multiple-bounce-roll",
   "title: Multiple bounce roll\n"
   "tags: rudiment roll buzz\n"
   "tempo: 90\n"
   "step: 1/8\n"
   "snare |zzzzzzzz|\n"
   "hands |RLRLRLRL|\n"},
  {"triple-stroke-roll",
   "title: Triple stroke roll\n"
   "tags: rudiment roll\n"
   "tempo: 80\n"
   "step: 1/12\n"
   "snare |xxxxxxxxxxxx|\n"
   "hands |RRRLLLRRRLLL|\n"},
  {"doubles",
   "title: Double stroke open roll\n"
   "tags: rudiment roll double beginner\n"
   "tempo: 90\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "snare |xxxxxxxxxxxxxxxx|\n"
   "hands |RRLLRRLLRRLLRRLL|\n"},
  {"five-stroke-roll",
   "title: Five stroke roll\n"
   "tags: rudiment roll double\n"
   "tempo: 80\n"
   "meter: 2/4\n"
   "step: 1/32\n"
   "snare |xxxxX---xxxxX---|\n"
   "hands |RRLLR---LLRRL---|\n"},
  {"six-stroke-roll",
   "title: Six stroke roll\n"
   "tags: rudiment roll double\n"
   "tempo: 80\n"
   "meter: 2/4\n"
   "step: 1/32\n"
   "snare |X-xxxxX-X-xxxxX-|\n"
   "hands |R-LLRRL-R-LLRRL-|\n"},
  {"seven-stroke-roll",
   "title: Seven stroke roll\n"
   "tags: rudiment roll double\n"
   "tempo: 80\n"
   "meter: 2/4\n"
   "step: 1/32\n"
   "snare |xxxxxxX-xxxxxxX-|\n"
   "hands |RRLLRRL-RRLLRRL-|\n"},
  {"nine-stroke-roll",
   "title: Nine stroke roll\n"
   "tags: rudiment roll double\n"
   "tempo: 80\n"
   "step: 1/32\n"
   "snare |xxxxxxxxX-------xxxxxxxxX-------|\n"
   "hands |RRLLRRLLR-------LLRRLLRRL-------|\n"},
  {"ten-stroke-roll",
   "title: Ten stroke roll\n"
   "tags: rudiment roll double\n"
   "tempo: 80\n"
   "step: 1/32\n"
   "snare |xxxxxxxxX-X-----xxxxxxxxX-X-----|\n"
   "hands |RRLLRRLLR-L-----RRLLRRLLR-L-----|\n"},
  {"eleven-stroke-roll",
   "title: Eleven stroke roll\n"
   "tags: rudiment roll double\n"
   "tempo: 80\n"
   "step: 1/32\n"
   "snare |xxxxxxxxxxX-----xxxxxxxxxxX-----|\n"
   "hands |RRLLRRLLRRL-----RRLLRRLLRRL-----|\n"},
  {"thirteen-stroke-roll",
   "title: Thirteen stroke roll\n"
   "tags: rudiment roll double\n"
   "tempo: 80\n"
   "step: 1/32\n"
   "snare |xxxxxxxxxxxxX---xxxxxxxxxxxxX---|\n"
   "hands |RRLLRRLLRRLLR---LLRRLLRRLLRRL---|\n"},
  {"fifteen-stroke-roll",
   "title: Fifteen stroke roll\n"
   "tags: rudiment roll double\n"
   "tempo: 80\n"
   "step: 1/32\n"
   "snare |xxxxxxxxxxxxxxX-xxxxxxxxxxxxxxX-|\n"
   "hands |RRLLRRLLRRLLRRL-RRLLRRLLRRLLRRL-|\n"},
  {"seventeen-stroke-roll",
   "title: Seventeen stroke roll\n"
   "tags: rudiment roll double\n"
   "tempo: 80\n"
   "meter: 3/4\n"
   "step: 1/32\n"
   "snare |xxxxxxxxxxxxxxxxX-------|xxxxxxxxxxxxxxxxX-------|\n"
   "hands |RRLLRRLLRRLLRRLLR-------|LLRRLLRRLLRRLLRRL-------|\n"},
  {"paradiddle",
   "title: Single paradiddle\n"
   "tags: rudiment diddle beginner\n"
   "tempo: 90\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "snare |XxxxXxxxXxxxXxxx|\n"
   "hands |RLRRLRLLRLRRLRLL|\n"},
  {"double-paradiddle",
   "title: Double paradiddle\n"
   "tags: rudiment diddle\n"
   "tempo: 90\n"
   "meter: 6/8\n"
   "step: 1/16\n"
   "snare |XxxxxxXxxxxx|\n"
   "hands |RLRLRRLRLRLL|\n"},
  {"triple-paradiddle",
   "title: Triple paradiddle\n"
   "tags: rudiment diddle\n"
   "tempo: 90\n"
   "step: 1/16\n"
   "snare |XxxxxxxxXxxxxxxx|\n"
   "hands |RLRLRLRRLRLRLRLL|\n"},
  {"paradiddle-diddle",
   "title: Single paradiddle-diddle\n"
   "tags: rudiment diddle\n"
   "tempo: 90\n"
   "meter: 6/8\n"
   "step: 1/16\n"
   "snare |XxxxxxXxxxxx|\n"
   "hands |RLRRLLRLRRLL|\n"},
  {"flams",
   "title: Flam\n"
   "tags: rudiment flam beginner\n"
   "tempo: 80\n"
   "step: 1/4\n"
   "snare |FFFF|\n"
   "hands |RLRL|\n"},
  {"flam-accent",
   "title: Flam accent\n"
   "tags: rudiment flam\n"
   "tempo: 80\n"
   "meter: 6/8\n"
   "step: 1/8\n"
   "snare |FxxFxx|\n"
   "hands |RLRLRL|\n"},
  {"flam-tap",
   "title: Flam tap\n"
   "tags: rudiment flam\n"
   "tempo: 90\n"
   "step: 1/8\n"
   "snare |FxFxFxFx|\n"
   "hands |RRLLRRLL|\n"},
  {"flamacue",
   "title: Flamacue\n"
   "tags: rudiment flam\n"
   "tempo: 80\n"
   "step: 1/16\n"
   "snare |fXxxf---fXxxf---|\n"
   "hands |RLRLR---LRLRL---|\n"},
  {"flam-paradiddle",
   "title: Flam paradiddle\n"
   "tags: rudiment flam diddle\n"
   "tempo: 80\n"
   "step: 1/16\n"
   "snare |FxxxFxxxFxxxFxxx|\n"
   "hands |RLRRLRLLRLRRLRLL|\n"},
  {"flammed-mill",
   "title: Single flammed mill\n"
   "tags: rudiment flam\n"
   "tempo: 80\n"
   "step: 1/16\n"
   "snare |FxxxFxxxFxxxFxxx|\n"
   "hands |RRLRLLRLRRLRLLRL|\n"},
  {"flam-paradiddle-diddle",
   "title: Flam paradiddle-diddle\n"
   "tags: rudiment flam diddle\n"
   "tempo: 80\n"
   "meter: 6/8\n"
   "step: 1/16\n"
   "snare |FxxxxxFxxxxx|\n"
   "hands |RLRRLLLRLLRR|\n"},
  {"pataflafla",
   "title: Pataflafla\n"
   "tags: rudiment flam advanced\n"
   "tempo: 80\n"
   "step: 1/16\n"
   "snare |FxxFFxxFFxxFFxxF|\n"
   "hands |RLRLRLRLRLRLRLRL|\n"},
  {"swiss-army-triplet",
   "title: Swiss army triplet\n"
   "tags: rudiment flam\n"
   "tempo: 90\n"
   "meter: 6/8\n"
   "step: 1/8\n"
   "snare |FxxFxx|\n"
   "hands |RRLRRL|\n"},
  {"inverted-flam-tap",
   "title: Inverted flam tap\n"
   "tags: rudiment flam\n"
   "tempo: 80\n"
   "step: 1/8\n"
   "snare |FxFxFxFx|\n"
   "hands |RLLRRLLR|\n"},
  {"flam-drag",
   "title: Flam drag\n"
   "tags: rudiment flam drag\n"
   "tempo: 80\n"
   "meter: 6/8\n"
   "step: 1/16\n"
   "snare |F-xxx-F-xxx-|\n"
   "hands |R-LLR-L-RRL-|\n"},
  {"drag",
   "title: Drag\n"
   "tags: rudiment drag ruff beginner\n"
   "tempo: 80\n"
   "step: 1/4\n"
   "snare |dddd|\n"
   "hands |RLRL|\n"},
  {"single-drag-tap",
   "title: Single drag tap\n"
   "tags: rudiment drag\n"
   "tempo: 80\n"
   "step: 1/8\n"
   "snare |dXdXdXdX|\n"
   "hands |RLLRRLLR|\n"},
  {"double-drag-tap",
   "title: Double drag tap\n"
   "tags: rudiment drag\n"
   "tempo: 80\n"
   "meter: 6/8\n"
   "step: 1/8\n"
   "snare |ddXddX|\n"
   "hands |RRLLLR|\n"},
  {"lesson-25",
   "title: Lesson 25\n"
   "tags: rudiment drag\n"
   "tempo: 80\n"
   "step: 1/16\n"
   "snare |dxX-dxX-dxX-dxX-|\n"
   "hands |RLR-RLR-RLR-RLR-|\n"},
  {"dragadiddle",
   "title: Single dragadiddle\n"
   "tags: rudiment drag diddle\n"
   "tempo: 80\n"
   "step: 1/32\n"
   "snare |Xxx-x-x-Xxx-x-x-Xxx-x-x-Xxx-x-x-|\n"
   "hands |RRL-R-R-LLR-L-L-RRL-R-R-LLR-L-L-|\n"},
  {"drag-paradiddle-1",
   "title: Drag paradiddle #1\n"
   "tags: rudiment drag diddle\n"
   "tempo: 80\n"
   "meter: 6/8\n"
   "step: 1/16\n"
   "snare |X-dxxxX-dxxx|\n"
   "hands |R-RLRRL-LRLL|\n"},
  {"drag-paradiddle-2",
   "title: Drag paradiddle #2\n"
   "tags: rudiment drag diddle\n"
   "tempo: 80\n"
   "step: 1/16\n"
   "snare |X-d-dxxxX-d-dxxx|\n"
   "hands |R-R-RLRRL-L-LRLL|\n"},
  {"ratamacue",
   "title: Single ratamacue\n"
   "tags: rudiment drag\n"
   "tempo: 80\n"
   "meter: 2/4\n"
   "step: 1/24\n"
   "snare |dxxX--dxxX--|\n"
   "hands |RLRL--LRLR--|\n"},
  {"double-ratamacue",
   "title: Double ratamacue\n"
   "tags: rudiment drag\n"
   "tempo: 80\n"
   "meter: 6/8\n"
   "step: 1/24\n"
   "snare |d--dxxX--d--dxxX--|\n"
   "hands |R--RLRL--L--LRLR--|\n"},
  {"triple-ratamacue",
   "title: Triple ratamacue\n"
   "tags: rudiment drag advanced\n"
   "tempo: 80\n"
   "step: 1/24\n"
   "snare |d--d--dxxX--d--d--dxxX--|\n"
   "hands |R--R--RLRL--L--L--LRLR--|\n"},
  {NULL, NULL},
};
/* clang-format on */

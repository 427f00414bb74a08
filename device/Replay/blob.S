/* A recording and the plan of its profile, both in flash, and the way to the program with them as arguments. */
.syntax unified
.cpu cortex-m3
.thumb

.section .note.GNU-stack, "", %progbits

.section .rodata.replay, "a"
.balign 8
scenario:
  .incbin SCENARIO
scenario_end:
.balign 8
plan:
  .incbin PLAN
plan_end:

.text
.global board_main
.thumb_func
board_main:
  ldr r0, =scenario
  ldr r1, =scenario_end - scenario
  ldr r2, =plan
  ldr r3, =plan_end - plan
  b replay_main

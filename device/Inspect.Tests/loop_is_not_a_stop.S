@ expect: deepest stack: 24 B
.syntax unified
.cpu cortex-m3
.thumb
.global root
.type root, %function
root:
  push {r4, lr}
  bl forever
  udf #0
.size root, . - root
.global forever
.type forever, %function
forever:
  push {r0, r1, r4, lr}
  1: cbz r0, 2f
  b 1b
  2: bl board_stop
  udf #0
.size forever, . - forever
.global board_stop
.type board_stop, %function
board_stop:
  b board_stop
.size board_stop, . - board_stop

@ expect: deepest stack: 64 B
.syntax unified
.cpu cortex-m3
.thumb
.global root
.type root, %function
root:
  push {r4, lr}
  ldmia sp!, {r4, lr}
  b.w next
.size root, . - root
.global next
.type next, %function
next:
  push {r4, lr}
  sub sp, #56
  add sp, #56
  pop {r4, pc}
.size next, . - next

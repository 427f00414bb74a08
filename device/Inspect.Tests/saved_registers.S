@ expect: deepest stack: 20 B
.syntax unified
.cpu cortex-m3
.thumb
.global root
.type root, %function
root:
  stmdb sp!, {r4, r5, fp, lr}
  bl leaf
  ldmia sp!, {r4, r5, fp, pc}
.size root, . - root
.global leaf
.type leaf, %function
leaf:
  str lr, [sp, #-4]!
  ldr pc, [sp], #4
.size leaf, . - leaf

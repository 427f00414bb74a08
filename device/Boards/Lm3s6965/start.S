/* LM3S6965 (Cortex-M3): the vectors, and the few lines that C# cannot say. */
.syntax unified
.cpu cortex-m3
.thumb

.section .vectors, "a"
.word board_stack_top
.word Reset + 1
.word Fault + 1                 /* NMI */
.word Fault + 1                 /* hard fault; the others escalate to it */
.word Fault + 1
.word Fault + 1
.word Fault + 1

.section .note.GNU-stack, "", %progbits

.text

/* Paints the whole RAM, so that what a test leaves unpainted it has used, and runs main. */
.global Reset
.thumb_func
Reset:
  ldr r0, =board_ram_start
  ldr r1, =board_stack_top
  ldr r2, =0xA5A5A5A5
1:str r2, [r0], #4
  cmp r0, r1
  blo 1b
  bl board_main

/* Ends the program with r0 as its result: 0 is success. SYS_EXIT of ARM semihosting. */
.global board_exit
.thumb_func
board_exit:
  ldr r1, =0x20026              /* ADP_Stopped_ApplicationExit */
  cbz r0, 2f
  ldr r1, =0x20023              /* ADP_Stopped_RunTimeErrorUnknown */
2:movs r0, #0x18
  bkpt 0xab
  b .

/* What the runtime calls when it can go no further: r0 is the reason. */
.global board_stop
.thumb_func
board_stop:
  mov r1, lr
  mov r2, sp
  bl board_stopped
  movs r0, #1
  b board_exit

.thumb_func
Fault:
  movs r0, #9                   /* StopReason.HardFault */
  ldr r1, [sp, #24]             /* the stacked program counter */
  mov r2, sp
  bl board_stopped
  movs r0, #1
  b board_exit

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Thimble.Inspect;

// What the device build asks about compiled code; it exits 1 where the answer is no.
//   roots ROOTS.dll IMAGE.mstat|- ASSEMBLY...      writes an assembly that refers to every method of the assemblies that a 32-bit device can reach
//   relax OBJECT LISTING OUT.s                     writes the compiler's object as assembler with short calls
//   prove OBJECT LISTING IMAGE LISTING             holds the linked image against the compiler's object
//   check IMAGE.mstat LISTING SYMBOLS ASSEMBLY...  judges the code of an image by the attributes of the assemblies
//   sizes IMAGE.mstat SYMBOLS [--by namespace|type|method]
//   stack IMAGE.mstat LISTING SYMBOLS [--root SYMBOL]... [--entry TYPE]... [--limit BYTES]
return args switch
{
    ["roots", string output, string statistics, .. string[] assemblies] => Commands.Roots(output, statistics, assemblies),
    ["relax", string compiled, string listing, string output] => Commands.Relax(compiled, listing, output),
    ["prove", string compiled, string listing, string image, string imageListing] => Commands.Prove(compiled, listing, image, imageListing),
    ["check", string statistics, string listing, string symbols, .. string[] assemblies] => Commands.Check(statistics, listing, symbols, assemblies),
    ["sizes", string statistics, string symbols, .. string[] options] => Commands.Sizes(statistics, symbols, options),
    ["stack", string statistics, string listing, string symbols, .. string[] options] => Commands.Stack(statistics, listing, symbols, options),
    _ => Commands.Usage(),
};

using System;
using System.Collections.Generic;
using System.IO;
using Thimble.Inspect;

// What the device check asks about compiled code. Two commands:
//   roots CORE.dll ROOTS.dll [IMAGE.mstat]      writes an assembly that refers to every method of the core that a 32-bit device can reach
//   check CORE.dll IMAGE.mstat LISTING SYMBOLS  judges the code of an object file; exits 1 where it breaks a rule
return args switch
{
    ["roots", string core, string output] => Roots(core, output, null),
    ["roots", string core, string output, string statistics] => Roots(core, output, statistics),
    ["relax", string compiled, string listing, string output] => Relax(compiled, listing, output),
    ["prove", string compiled, string listing, string image, string imageListing] => Prove(compiled, listing, image, imageListing),
    ["check", string core, string statistics, string listing, string symbols] => Check(core, statistics, listing, symbols),
    _ => Usage(),
};

static int Roots(string core, string output, string? statistics)
{
    int count = RootAssembly.Write(core, output, statistics);
    Console.WriteLine($"{count} methods of the core can be reached on a 32-bit device");
    return 0;
}

static int Relax(string compiled, string listing, string output)
{
    using StreamWriter assembler = File.CreateText(output);
    RelaxedAssembly.Write(ObjectCode.Read(compiled, "__managedcode", listing), assembler);
    return 0;
}

static int Prove(string compiled, string listing, string image, string imageListing)
{
    var proof = new RelaxationProof(ObjectCode.Read(compiled, "__managedcode", listing), ObjectCode.Read(image, ".text", imageListing));
    IReadOnlyList<string> objections = proof.Check();
    foreach (string objection in objections)
    {
        Console.Error.WriteLine($"error: {objection}");
    }

    return objections.Count == 0 && proof.Functions > 0 ? 0 : 1;
}

static int Check(string core, string statistics, string listing, string symbols)
{
    IReadOnlyList<CompiledMethod> methods = Statistics.ReadMethods(statistics);
    Listing code = Listing.Parse(File.ReadLines(listing), File.ReadLines(symbols));
    var rules = new Rules(ConstantTimeMethods.Read(core), methods, code);
    IReadOnlyList<string> objections = rules.Judge();
    SizeTable.Print(methods, Statistics.ReadData(statistics));
    Console.WriteLine($"constant time: {rules.Checked} compiled methods checked; not reached on a 32-bit device: {rules.NotReached.Count}");
    foreach (string name in rules.NotReached)
    {
        Console.WriteLine($"  {name}");
    }

    foreach (string objection in objections)
    {
        Console.WriteLine($"error: {objection}");
    }

    return objections.Count == 0 ? 0 : 1;
}

static int Usage()
{
    Console.Error.WriteLine("usage: inspect roots CORE.dll ROOTS.dll [IMAGE.mstat] | inspect check CORE.dll IMAGE.mstat LISTING SYMBOLS");
    return 2;
}

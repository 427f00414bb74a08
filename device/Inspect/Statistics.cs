using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Thimble.Inspect;

/// <summary>One method as the compiler laid it down: a generic one occurs once for each set of type arguments.</summary>
internal sealed record CompiledMethod(MethodReference Method, int Bytes, string Symbol);

/// <summary>
/// Reads the statistics that ILC writes (<c>--mstat</c>): an assembly whose global methods hold lists as instructions,
/// each entry a token, sizes, and the offset of the symbol's name in the section <c>.names</c>.
/// </summary>
internal static class Statistics
{
    public static IReadOnlyList<CompiledMethod> ReadMethods(string path)
    {
        var module = Mono.Cecil.ModuleDefinition.ReadModule(path);
        Instruction[] list = List(module, "Methods");
        using var image = new PEReader(File.OpenRead(path));
        BlobReader names = image.GetSectionData(".names").GetReader();
        var methods = new List<CompiledMethod>();
        for (int i = 0; i + 4 < list.Length; i += 5)
        {
            names.Offset = Number(list[i + 4]);
            methods.Add(new CompiledMethod((MethodReference)list[i].Operand, Number(list[i + 1]), names.ReadSerializedString()!));
        }

        return methods;
    }

    private static Instruction[] List(Mono.Cecil.ModuleDefinition module, string name) =>
        [.. module.GetType("<Module>").Methods.First(method => method.Name == name).Body.Instructions];

    private static int Number(Instruction instruction) => Integers.TryRead(instruction, out int value)
        ? value
        : throw new InvalidDataException($"The statistics hold {instruction} where a number belongs.");
}

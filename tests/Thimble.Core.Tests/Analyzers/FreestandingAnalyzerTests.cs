using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Thimble.Analyzers;
using Xunit;

namespace Thimble.Core.Tests.Analyzers;

public class FreestandingAnalyzerTests
{
    private static readonly CSharpCompilation Empty = CSharpCompilation.Create(
        "Probe",
        references: [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
        options: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

    [Theory]
    [InlineData("THM0001", "static void M() { throw null!; }")]
    [InlineData("THM0001", "static int M(int x) => x > 0 ? x : throw null!;")]
    [InlineData("THM0001", "static void M() { try { } finally { } }")]
    [InlineData("THM0001", "ref struct R { public void Dispose() { } } static void M() { using R r = default; }")]
    [InlineData("THM0001", "ref struct R { public void Dispose() { } } static void M(R r) { using (r) { } }")]
    [InlineData("THM0002", "static void M() { _ = new object(); }")]
    [InlineData("THM0002", "class Inner { }")]
    [InlineData("THM0002", "static int M() { int[] a = new int[3]; return a.Length; }")]
    [InlineData("THM0002", "static int M() { int[] a = [1, 2]; return a.Length; }")]
    [InlineData("THM0002", "static void M<T>() where T : new() { _ = new T(); }")]
    [InlineData("THM0002", "static bool M<T>() => typeof(T) == typeof(int);")]
    [InlineData("THM0003", "static object M(int x) => x;")]
    [InlineData("THM0003", "interface I { } struct S : I { } static I M(S s) => s;")]
    [InlineData("THM0003", "enum E { A } static int M(E e) => e.GetHashCode();")]
    [InlineData("THM0003", "interface I { int M() => 1; }")]
    [InlineData("THM0004", "static void M() { System.Func<int> f = () => 1; }")]
    [InlineData("THM0004", "static int N() => 1; static System.Func<int> M() => N;")]
    [InlineData("THM0004", "delegate void D();")]
    [InlineData("THM0005", "static string M() => \"text\";")]
    [InlineData("THM0005", "static string M(int x) => $\"{x}\";")]
    [InlineData("THM0005", "static int M(System.ReadOnlySpan<char> s) => s is \"abc\" ? 1 : 0;")]
    [InlineData("THM0006", "static double M(double x) => x;")]
    [InlineData("THM0006", "static int M() => (int)(1.5 * 2);")]
    [InlineData("THM0006", "struct S { public float F; }")]
    [InlineData("THM0007", "static async System.Threading.Tasks.Task M() { await System.Threading.Tasks.Task.Yield(); }")]
    [InlineData("THM0007", "static System.Collections.Generic.IEnumerable<int> M() { yield return 1; }")]
    [InlineData("THM0008", "static int s_count;")]
    [InlineData("THM0008", "static readonly int s_limit = 3;")]
    [InlineData("THM0008", "static int Count { get; set; }")]
    [InlineData("THM0008", "static C() { }")]
    [InlineData("THM0009", "struct S { public override string ToString() => null!; }")]
    [InlineData("THM0009", "interface I { int M(); } static int N(I i) => i.M();")]
    [InlineData("THM0010", "enum E { A } static int M(E e) => e switch { E.A => 1 };")]
    [InlineData("THM0010", "static int M(int x) => x switch { 1 => 1, var y when y > 2 => 2 };")]
    [InlineData("THM0011", "static int M() { System.Span<int> s = stackalloc int[4]; return s[0]; }")]
    [InlineData("THM0011", "[System.Runtime.CompilerServices.InlineArray(40)] struct B { byte _b; } static void M() { B b = default; _ = b; }")]
    [InlineData("THM0011", "struct S { long A, B, C, D, E; } static void M(S s) { }")]
    [InlineData("THM0011", "struct S { long A, B, C, D, E; } static void N(out S s) { s = default; } static void M() { N(out S s); }")]
    [InlineData("THM0011", "[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential, Size = 64)] struct S { } static void M() { S s; }")]
    [InlineData("THM0012", "struct P { public int X; } static System.ReadOnlySpan<P> T => new P[] { default };")]
    [InlineData("THM0012", "static System.ReadOnlySpan<int> M(int x) => new[] { x };")]
    [InlineData("THM0013", "record struct R(int X);")]
    [InlineData("THM0014", "static int M() => System.Environment.ProcessorCount;")]
    [InlineData("THM0014", "static System.DateTime M() => System.DateTime.UtcNow;")]
    [InlineData("THM0014", "static void M() => System.GC.Collect();")]
    [InlineData("THM0014", "static void M() => System.Threading.Thread.Sleep(1);")]
    public async Task Reports(string rule, string members) => Assert.Contains(rule, await Analyze(members));

    [Theory]
    [InlineData("static System.ReadOnlySpan<byte> T => [1, 2, 3];")]
    [InlineData("static System.ReadOnlySpan<uint> T => new uint[] { 1, 2, 3 };")]
    [InlineData("enum E : byte { A } static System.ReadOnlySpan<E> T => [E.A];")]
    [InlineData("static System.ReadOnlySpan<byte> T => \"label\"u8;")]
    [InlineData("const int N = 3; static int M() => N;")]
    [InlineData("struct S { public int X; } static S M() { var s = new S { X = 1 }; return s; }")]
    [InlineData("interface I { static abstract int N { get; } } struct S : I { public static int N => 1; } static int M<T>() where T : struct, I => T.N;")]
    [InlineData("interface I { int N(); } static int M<T>(ref T t) where T : struct, I => t.N();")]
    [InlineData("static int M(int x) => x switch { 1 => 2, _ => 0 };")]
    [InlineData("static int M(System.Span<byte> s) { int n = 0; foreach (byte b in s[1..]) { n += b; } return n; }")]
    [InlineData("ref struct View { System.Span<byte> A, B, C, D, E; } static void M(View v) { View w = v; _ = w; }")]
    [InlineData("struct Big { long A, B, C, D, E; } static void M(ref Big b, in Big c) { ref Big d = ref b; _ = d; }")]
    [InlineData("static uint M(System.ReadOnlySpan<byte> s) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(s) + (uint)nuint.Size;")]
    [InlineData("[System.Obsolete(\"text\")] static void M() { }")]
    [InlineData("class MarkAttribute : System.Attribute { public string Text { get; set; } = \"a\"; }")]
    [InlineData("static ulong M(uint a) => System.Numerics.BitOperations.RotateLeft(a, 3) + System.Math.BigMul(a, a);")]
    public async Task AcceptsWhatTheDeviceHas(string members) => Assert.Empty(await Analyze(members));

    [Fact]
    public void EveryRuleIsAnErrorAndSaysWhatToDo()
    {
        Assert.All(new FreestandingAnalyzer().SupportedDiagnostics, rule =>
        {
            Assert.Equal(DiagnosticSeverity.Error, rule.DefaultSeverity);
            Assert.Contains(':', rule.MessageFormat.ToString(System.Globalization.CultureInfo.InvariantCulture));
        });
    }

    private static async Task<string[]> Analyze(string members)
    {
        CSharpCompilation compilation = Empty.AddSyntaxTrees(CSharpSyntaxTree.ParseText($"static class C {{ {members} }}"));
        Assert.DoesNotContain(compilation.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        ImmutableArray<Diagnostic> found = await compilation.WithAnalyzers([new FreestandingAnalyzer()]).GetAnalyzerDiagnosticsAsync();
        return [.. found.Select(diagnostic => diagnostic.Id)];
    }
}

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Thimble.Analyzers;

/// <summary>
/// What the core may not use, and what to do instead. The reason is always the same: the device has no heap, no
/// exceptions, no type metadata and very little stack, and some constructs compile there and are silently wrong.
/// </summary>
internal static class Rules
{
    public static readonly DiagnosticDescriptor Exceptions = Rule(
        "THM0001", "No exceptions", "{0} needs exceptions, which a device does not have: return a status or write a Fault");

    public static readonly DiagnosticDescriptor Heap = Rule(
        "THM0002", "No heap", "{0} lives on a heap, which a device does not have: take a Span from the caller, or use a struct over one");

    public static readonly DiagnosticDescriptor Boxing = Rule(
        "THM0003", "No boxing", "{0} boxes a value on a heap: make the method generic over a struct, or compare the fields themselves");

    public static readonly DiagnosticDescriptor Delegates = Rule(
        "THM0004", "No delegates", "{0} makes a delegate object: use a type parameter with a static abstract method");

    public static readonly DiagnosticDescriptor Strings = Rule(
        "THM0005", "No strings", "{0} is a string object: use a u8 literal, and let the host turn faults into words");

    public static readonly DiagnosticDescriptor FloatingPoint = Rule(
        "THM0006", "No floating point", "{0} uses {1}, and the device has no such instructions: use integers");

    public static readonly DiagnosticDescriptor Coroutines = Rule(
        "THM0007", "No async, no iterators", "{0} turns the method into a heap object: keep a resume field in the caller's memory");

    public static readonly DiagnosticDescriptor StaticState = Rule(
        "THM0008", "No static state", "{0} is static state: constants are const or '=> [...]', everything else lives in the caller's memory");

    public static readonly DiagnosticDescriptor Dispatch = Rule(
        "THM0009", "No virtual dispatch", "{0} is dispatched at run time: use a struct type parameter with static abstract members, or an enum and a switch");

    public static readonly DiagnosticDescriptor OpenSwitch = Rule(
        "THM0010", "Switch expressions end with a discard", "This switch expression throws for a value that it does not name: end it with '_ =>'");

    public static readonly DiagnosticDescriptor BigLocal = Rule(
        "THM0011", "No large locals", "{0} takes more of the stack than {1} bytes: take scratch as a Span, or pass by ref or in");

    public static readonly DiagnosticDescriptor Table = Rule(
        "THM0012", "Tables hold constants of primitive types", "{0} would be built at run time: only constants of integer types become data in flash");

    public static readonly DiagnosticDescriptor Records = Rule(
        "THM0013", "No records", "{0} is a record, whose equality and text need virtual calls and strings: write a struct");

    public static readonly DiagnosticDescriptor OtherLibrary = Rule(
        "THM0014", "Only what the device's runtime has", "{0} is not in the device's runtime: see device/Runtime for what is");

    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
    [
        Exceptions, Heap, Boxing, Delegates, Strings, FloatingPoint, Coroutines,
        StaticState, Dispatch, OpenSwitch, BigLocal, Table, Records, OtherLibrary,
    ];

    private static DiagnosticDescriptor Rule(string id, string title, string message) =>
        new(id, title, message, "Freestanding", DiagnosticSeverity.Error, isEnabledByDefault: true);
}

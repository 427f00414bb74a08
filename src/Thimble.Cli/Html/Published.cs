using System.Collections.Generic;

namespace Thimble.Cli.Html;

/// <summary>A figure of another library that this project publishes.</summary>
/// <param name="Library">Whose.</param>
/// <param name="ArenaBytes">Heap or contexts and static memory, or all where the stack is not told apart.</param>
/// <param name="StackBytes">The deepest stack, or 0 where it is in the first figure.</param>
/// <param name="Note">What was measured.</param>
internal sealed record Published(string Library, int ArenaBytes, int StackBytes, string Note);

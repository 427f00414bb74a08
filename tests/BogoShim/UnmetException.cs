using System;

namespace Thimble.BogoShim;

/// <summary>
/// The connection is not what an <c>-expect-…</c> flag said: exit code 90, which fails the test even where the
/// runner waits for a failure.
/// </summary>
internal sealed class UnmetException(string what) : Exception(what);

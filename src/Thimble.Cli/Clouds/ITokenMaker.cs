using System;

namespace Thimble.Cli.Clouds;

/// <summary>Makes tokens that serve as passwords. Owns the key, and wipes it.</summary>
internal interface ITokenMaker : IDisposable
{
    /// <summary>A token from <paramref name="now"/> on, for <paramref name="lifetime"/>.</summary>
    byte[] Make(DateTimeOffset now, TimeSpan lifetime);
}

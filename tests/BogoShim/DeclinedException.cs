using System;

namespace Thimble.BogoShim;

/// <summary>The test asks for something that the shim does not do: exit code 89.</summary>
internal sealed class DeclinedException(string what, Exception? cause = null) : Exception(what, cause);

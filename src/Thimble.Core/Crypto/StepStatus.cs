namespace Thimble.Crypto;

/// <summary>What one call of a resumable operation came to. The value of cleared memory is never success.</summary>
public enum StepStatus : byte
{
    /// <summary>The operation ended and its answer is no: a wrong signature, an unfit key, a failed check.</summary>
    Failed = 0,

    /// <summary>The operation ended and its answer is yes.</summary>
    Done = 1,

    /// <summary>The work that was granted is used up: call again with the same arguments.</summary>
    More = 2,
}

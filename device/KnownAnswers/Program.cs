using System.Runtime.InteropServices;
using Thimble.Boards;

namespace Thimble.KnownAnswers;

/// <summary>The tests, in the order of the folders of the core. Each vector names the document that it comes from.</summary>
internal static class Program
{
    [UnmanagedCallersOnly(EntryPoint = "board_main")]
    internal static int Main()
    {
        SysTick.Start();
        var bench = default(Workbench);
        RuntimeAnswers.Run(ref bench);
        HashAnswers.Run(ref bench);
        DerivationAnswers.Run(ref bench);
        AeadAnswers.Run(ref bench);
        CcmAnswers.Run(ref bench);
        CurveAnswers.Run(ref bench);
        EdAnswers.Run(ref bench);
        RsaAnswers.Run(ref bench);
        StepTimes.Run(ref bench);
        MontgomeryTimes.Run(ref bench);
        SecretTimes.Run(ref bench);
        bench.Finish();
        return bench.AllPassed ? 0 : 1;
    }
}

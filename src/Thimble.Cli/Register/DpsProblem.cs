namespace Thimble.Cli.Register;

/// <summary>Why a device is not registered, for programs.</summary>
internal enum DpsProblem
{
    /// <summary>DPS said no: it does not know the device, or its proof.</summary>
    RegistrationRefused,

    /// <summary>DPS asks for patience longer than there is time, or is out of order.</summary>
    RegistrationDelayed,

    /// <summary>DPS tried, and found no hub for the device.</summary>
    RegistrationFailed,

    /// <summary>The enrollment is switched off.</summary>
    EnrollmentDisabled,

    /// <summary>The time was over before DPS answered, or before it was done.</summary>
    RegistrationTimedOut,

    /// <summary>What came is not what DPS documents.</summary>
    RegistrationAnswerUnusable,
}

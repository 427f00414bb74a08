namespace Thimble.Firmware;

/// <summary>The steps, in their order; each turn of the loop does a bounded piece of one.</summary>
internal static class Journey
{
    /// <summary>Goes on with the present step.</summary>
    public static void Advance(scoped in Device device)
    {
        switch (device.State.Step)
        {
            case Step.Address:
                NetworkSteps.Address(device);
                break;
            case Step.Name:
                NetworkSteps.Name(device);
                break;
            case Step.Time:
                NetworkSteps.Time(device);
                break;
            case Step.Connect:
                NetworkSteps.Connect(device);
                break;
            case Step.Handshake:
                SecureChannel.Handshake(device);
                break;
            case Step.Introduce:
            case Step.Subscribe:
            case Step.Run:
                Conversation.Turn(device);
                break;
            case Step.Leave:
                Recovery.Leave(device);
                break;
            case Step.Pause:
                Recovery.Pause(device);
                break;
            default:
                break;
        }
    }

    /// <summary>Begins a step.</summary>
    public static void Enter(scoped in Device device, Step step)
    {
        ref FirmwareState state = ref device.State;
        state.Step = step;
        state.StepBegan = device.Now;
        state.Asked = false;
        state.Monitor.Begin();
    }

    /// <summary>True once in each step: the question that it begins with is to be asked.</summary>
    public static bool IsFirstTurn(scoped in Device device)
    {
        bool first = !device.State.Asked;
        device.State.Asked = true;
        return first;
    }

    /// <summary>Whether the step has taken longer than the image allows.</summary>
    public static bool IsOverdue(scoped in Device device) => device.Now - device.State.StepBegan > device.Image.Settings.PatienceMilliseconds;
}

namespace Thimble.Memory;

/// <summary>Tells what lives as long as a connection, a handshake or a call apart, region by region: the state is all in the buffer, but not all of it always.</summary>
public static class Placements
{
    /// <summary>Where a region of that name may be kept.</summary>
    public static Placement Of(RegionId region)
    {
        switch (region)
        {
            case RegionId.Plan:
            case RegionId.Control:
            case RegionId.MqttSession:
            case RegionId.MqttInFlight:
            case RegionId.TrafficSecrets:
            case RegionId.TrafficKeys:
                return Placement.Connection;
            case RegionId.MqttTopic: // of the message in progress
            case RegionId.OutWindow:
            case RegionId.InWindow:
                return Placement.Window;
            case RegionId.HashScratch:
            case RegionId.AeadScratch:
                return Placement.Step;
            case RegionId.SessionSecret:
            case RegionId.ExporterSecret:
                return Placement.Connection;
            default:
                return Placement.Handshake;
        }
    }
}

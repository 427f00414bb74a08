using System;
using System.Threading;
using System.Threading.Tasks;

namespace Thimble;

/// <summary>
/// Takes payloads that are larger than <see cref="MqttClientOptions.MaxMessageBytes"/>, piece by piece, as they arrive. One message at a time: BeginAsync,
/// WriteAsync for each piece, and then CommitAsync or AbortAsync. While a call runs nothing else is received, which is how a slow sink holds the broker back.
/// </summary>
public interface IMqttPayloadSink
{
    /// <summary>A message begins.</summary>
    /// <param name="header">What the message says of itself.</param>
    /// <param name="cancellationToken">The end of the connection.</param>
    /// <returns>Whether the sink wants it; otherwise it is skipped, and acknowledged all the same, or the broker would send it for ever.</returns>
    ValueTask<bool> BeginAsync(MqttLargeMessage header, CancellationToken cancellationToken);

    /// <summary>The next piece of the payload, valid during the call. It is to be forgotten if <see cref="AbortAsync"/> follows.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken);

    /// <summary>All came. When this has completed the message is acknowledged.</summary>
    ValueTask CommitAsync(CancellationToken cancellationToken);

    /// <summary>The rest will not come: the connection ended. Where the message has QoS 1 or 2 the broker sends it again, from its start.</summary>
    ValueTask AbortAsync();
}

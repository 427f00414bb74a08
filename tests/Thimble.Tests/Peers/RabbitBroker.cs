using System;
using System.Globalization;
using System.IO;

namespace Thimble.Tests.Peers;

/// <summary>
/// RabbitMQ with its plugin for MQTT 3.1.1, on the TLS of Erlang. It opens ports for its own use, too, and starts a program that
/// outlives it: so it gets a network of its own, whose processes all end with it.
/// </summary>
internal sealed class RabbitBroker : IDisposable
{
    private const int InnerPort = 8883;
    private const string Program = "rabbitmq-server";

    /// <summary>It takes nine seconds on an idle machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly NetworkNamespace _network = new();
    private readonly PeerProcess _process;
    private readonly NamespaceRelay _relay;

    private RabbitBroker(PeerPki pki, PeerIdentity identity)
    {
        string folder = Directory.CreateDirectory(pki.WriteFile("") + ".rabbit").FullName;
        File.WriteAllText(Path.Combine(folder, "rabbitmq.conf"), Configuration(pki, identity));
        File.WriteAllText(Path.Combine(folder, "plugins"), "[rabbitmq_mqtt].");
        _process = _network.Start(
            "env", "HOME=" + folder, "RABBITMQ_NODENAME=thimble@localhost", $"RABBITMQ_MNESIA_BASE={folder}/db", $"RABBITMQ_LOG_BASE={folder}/log",
            $"RABBITMQ_CONFIG_FILE={folder}/rabbitmq", $"RABBITMQ_ENABLED_PLUGINS_FILE={folder}/plugins", "RABBITMQ_LOGS=-", ServerScript());
        _relay = new NamespaceRelay(_network, InnerPort);
        if (!_process.TryWaitFor("Server startup complete", patience: Patience).Success)
        {
            string said = _process.Output;
            Dispose();
            throw new InvalidOperationException("RabbitMQ does not run: " + said);
        }
    }

    public int Port => _relay.Port;

    public static RabbitBroker Start(PeerPki pki, PeerIdentity identity) => new(pki, identity);

    public void Dispose()
    {
        _relay.Dispose();
        _network.EndProcesses();
        _process.Dispose();
        _network.Dispose();
    }

    /// <summary>The program on the path changes to another user first; this one is behind it.</summary>
    private static string ServerScript()
    {
        string[] found = Directory.GetFiles("/usr/lib/rabbitmq/lib", Program, SearchOption.AllDirectories);
        return found.Length == 1 ? found[0] : throw new FileNotFoundException($"{found.Length} files named {Program} are in /usr/lib/rabbitmq/lib, and one was expected.");
    }

    private static string Configuration(PeerPki pki, PeerIdentity identity) => string.Create(CultureInfo.InvariantCulture, $"""
        listeners.tcp = none
        mqtt.listeners.tcp = none
        mqtt.listeners.ssl.default = 127.0.0.1:{InnerPort}
        ssl_options.cacertfile = {pki.ClientRootFile}
        ssl_options.certfile = {identity.ChainFile}
        ssl_options.keyfile = {identity.KeyFile}
        ssl_options.verify = verify_peer
        ssl_options.fail_if_no_peer_cert = true
        ssl_options.versions.1 = tlsv1.3
        ssl_options.versions.2 = tlsv1.2
        mqtt.allow_anonymous = true
        mqtt.default_user = guest
        mqtt.default_pass = guest
        log.console = true
        log.console.level = info
        log.file = false

        """);
}

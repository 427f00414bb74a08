using System;
using System.Globalization;
using System.IO;
using System.Threading;

namespace Thimble.Tests.Peers;

/// <summary>Aedes, a broker of MQTT 3.1.1 for Node.js and its TLS. It comes from npm, once for each checkout.</summary>
internal sealed class AedesBroker : IDisposable
{
    private const string Version = "1.2.0";

    private static readonly Lazy<string> s_folder = new(Install, LazyThreadSafetyMode.ExecutionAndPublication);

    private readonly PeerProcess _process;

    private AedesBroker(PeerPki pki, PeerIdentity identity)
    {
        _process = PeerProcess.Start("node", s_folder.Value + "/broker.mjs", identity.ChainFile, identity.KeyFile, pki.ClientRootFile);
        Port = int.Parse(_process.WaitFor(@"listening on (\d+)").Groups[1].Value, CultureInfo.InvariantCulture);
    }

    public int Port { get; }

    public static AedesBroker Start(PeerPki pki, PeerIdentity identity) => new(pki, identity);

    public void Dispose() => _process.Dispose();

    private static string Install()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "aedes-" + Version);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "broker.mjs"), """
            import { readFileSync } from 'node:fs';
            import { createServer } from 'node:tls';
            import { Aedes } from 'aedes';

            const [cert, key, ca] = process.argv.slice(2).map(name => readFileSync(name));
            const broker = await Aedes.createBroker();
            const server = createServer({ cert, key, ca, requestCert: true, rejectUnauthorized: true }, broker.handle);
            server.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
            """);
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "aedes")))
        {
            PeerProcess.Run("npm", "install", "--no-audit", "--no-fund", "--no-save", "--loglevel=error", "--prefix", folder, "aedes@" + Version);
        }

        return folder;
    }
}

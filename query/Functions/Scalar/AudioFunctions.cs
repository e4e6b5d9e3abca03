using System.Text;
using System.Text.Json;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>What a sound says about itself. Only its header is read.</summary>
internal static class AudioFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        Define<double>("duration", DataType.Double, info => info.Seconds),
        Define<long>("sample_rate", DataType.Integer, info => info.Rate),
        Define<string>("audio_info", DataType.Json, Describe),
    ];

    private static FunctionDefinition Define<TResult>(
        string name, DataType type, Func<AudioInfo, TResult> measure) =>
        new(name, 1, 1, call => call.TypeOf(0).Kind is TypeKind.Blob or TypeKind.Null
            ? call.Make(
                type,
                RowLoops.Of<byte[], TResult>(bytes => measure(AudioInfo.Read(bytes))),
                [Coercion.To(call.Arguments[0], DataType.Blob, call.Position)])
            : throw call.Mismatch(0, "a sound"));

    private static string Describe(AudioInfo info)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("format", info.Format.ToString().ToLowerInvariant());
            writer.WriteString("encoding", info.Encoding);
            writer.WriteNumber("rate", info.Rate);
            writer.WriteNumber("channels", info.Channels);
            if (info.Samples >= 0)
            {
                writer.WriteNumber("samples", info.Samples);
                writer.WriteNumber("seconds", info.Seconds);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }
}

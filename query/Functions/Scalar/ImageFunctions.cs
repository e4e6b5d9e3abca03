using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// What an image says about itself, and how many channels a sound has. Only the header is read.
/// </summary>
internal static class ImageFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        Define("width", bytes => ImageSize.Read(bytes).Width),
        Define("height", bytes => ImageSize.Read(bytes).Height),
        Define("channels", bytes => AudioDecoder.IsAudio(bytes)
            ? AudioInfo.Read(bytes).Channels : ImageSize.Read(bytes).Channels),
    ];

    private static FunctionDefinition Define(string name, Func<byte[], long> measure) =>
        new(name, 1, 1, call => call.TypeOf(0).Kind is TypeKind.Blob or TypeKind.Null
            ? call.Make(
                DataType.Integer,
                RowLoops.Of(measure),
                [Coercion.To(call.Arguments[0], DataType.Blob, call.Position)])
            : throw call.Mismatch(0, "an image"));
}

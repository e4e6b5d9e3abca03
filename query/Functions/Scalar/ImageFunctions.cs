using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>What an image says about itself. Only its header is read.</summary>
internal static class ImageFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        Define("width", size => size.Width),
        Define("height", size => size.Height),
        Define("channels", size => size.Channels),
    ];

    private static FunctionDefinition Define(string name, Func<ImageSize, long> measure) =>
        new(name, 1, 1, call => call.TypeOf(0).Kind is TypeKind.Blob or TypeKind.Null
            ? call.Make(
                DataType.Integer,
                RowLoops.Of<byte[], long>(bytes => measure(ImageSize.Read(bytes))),
                [Coercion.To(call.Arguments[0], DataType.Blob, call.Position)])
            : throw call.Mismatch(0, "an image"));
}

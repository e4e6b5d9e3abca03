using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Networks of ONNX files: our layers where these can say all of it, ONNX Runtime otherwise.
/// </summary>
internal static class OnnxModels
{
    /// <summary>The model of a file; a notice says why it is not one of our layers.</summary>
    public static ModelPackage Read(byte[] file, ExecutionContext context) =>
        Read(file, context.Models.Runtime, context.Notices.Add);

    /// <summary>The model of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="runtime">The library, where it is needed.</param>
    /// <param name="note">Is told why it is not one of our layers.</param>
    public static ModelPackage Read(byte[] file, OnnxRuntime runtime, Action<string> note)
    {
        string reason;
        try
        {
            return OnnxImporter.Read(file);
        }
        catch (NeuroStoreException error) when (
            error.Code is ErrorCode.NotSupported or ErrorCode.InvalidModel)
        {
            reason = error.Message;
        }

        // What the check refuses is refused, whoever would run it.
        OnnxCheck.Read(file);
        if (!runtime.IsThere())
        {
            try
            {
                runtime.Load();
            }
            catch (NeuroStoreException missing)
            {
                throw new NeuroStoreException(
                    missing.Code, $"{reason} {missing.Message}", innerException: missing);
            }
        }

        ModelPackage package = OnnxRuntimeImporter.Read(file, runtime);
        note($"{reason} It runs by {package.Facts["device"]}.");
        return package;
    }

    /// <summary>The file of a version.</summary>
    public static byte[] Write(ModelVersion version) =>
        version.Model is OnnxRuntimeModel foreign
            ? foreign.File.ToArray()
            : OnnxExporter.Write(version.Package, version.Name);

    /// <summary>The shape of a row that goes in.</summary>
    public static TensorShape InputOf(Model model) => model switch
    {
        NetworkModel network => network.Network.Input,
        OnnxRuntimeModel foreign => foreign.Input,
        _ => TensorShape.Flat(model.FeatureCount),
    };

    /// <summary>The SHA-256 of all numbers, or of the file of others.</summary>
    public static string HashOf(Model model) => model switch
    {
        NetworkModel network => network.Network.HashOf(network.Weights.ToArray()),
        OnnxRuntimeModel foreign => foreign.FileHash,
        _ => "",
    };
}

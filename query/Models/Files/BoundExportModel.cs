using System.Buffers;
using System.Text;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>EXPORT MODEL: a version as a file that other databases or C# programs read.</summary>
internal sealed class BoundExportModel(ExportModelStatementSyntax syntax) : BoundStatement
{
    private static readonly ResultRows Result = new(
        ("file", DataType.Text), ("format", DataType.Text), ("bytes", DataType.BigInt));

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => Result.Columns;

    /// <inheritdoc/>
    public override bool ChangesData => false;

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context)
    {
        CopyFiles? files = context.Files;
        Invariant.Check(files is not null);
        string path = CopyPath.Of(syntax.File, context);
        ModelFileFormat format = ModelFiles.FormatOf(syntax.Clauses.Format, path);
        ModelVersion version = ModelLookup.Load(syntax.Model, context);
        if (ModelBuilds.IsOfItsOwn(version.Info.Task) && format != ModelFileFormat.Native)
        {
            throw NeuralErrors.InvalidModel(
                $"The model {version.Name} is a {ModelBuilds.NameOf(version.Info.Task)}, which "
                + "needs more than a network; export FORMAT native.");
        }

        byte[] bytes = format switch
        {
            ModelFileFormat.CSharp =>
                Encoding.UTF8.GetBytes(CSharpModel.Write(version.Package, version.Name)),
            ModelFileFormat.Onnx => OnnxModels.Write(version),
            _ => ModelFiles.Write(version, context),
        };
        byte[]? signature = syntax.Clauses.Key is { } key
            ? ModelSignature.Sign(bytes, CopyPath.Of(key, context), files) : null;
        using CopyOutput output = files.Create(path);
        output.Write(bytes);
        output.Complete();
        if (signature is not null)
        {
            using CopyOutput beside = files.Create(path + ModelSignature.Suffix);
            beside.Write(signature);
            beside.Complete();
        }

        return Result.ToResult(
        [
            [
                Value.Of(output.Path), Value.Of(format.ToString().ToLowerInvariant()),
                Value.Of((long)bytes.Length),
            ],
        ]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        [$"Export model {syntax.Model.Text}"];
}

namespace NeuroDb.Query;

/// <summary>IMPORT MODEL: a model from a file that EXPORT MODEL or other programs wrote.</summary>
internal sealed class BoundImportModel(ImportModelStatementSyntax syntax)
    : BoundModelChange($"Import model {syntax.Name.Last}")
{
    /// <inheritdoc/>
    protected override ModelChange? Execute(ExecutionContext context)
    {
        CopyFiles? files = context.Files;
        Invariant.Check(files is not null);
        string name = syntax.Name.Last;
        if (context.Transaction.Catalog.TryGetObject(CatalogObjectKind.Model, name, out _))
        {
            throw new NeuroStoreException(
                ErrorCode.ObjectExists,
                $"A model {name} exists already; import the file under another name.",
                syntax.Name.Position);
        }

        string path = CopyPath.Of(syntax.File, context);
        byte[] file = files.ReadAll(path);
        (BuiltModel built, long testUses) = ModelFiles.FormatOf(syntax.Format, path) switch
        {
            ModelFileFormat.Native => ModelFiles.Read(file, context.Models),
            ModelFileFormat.Onnx => (ModelFiles.ReadOnnx(file, context), 0),
            _ => throw new NeuroStoreException(
                ErrorCode.NotSupported,
                "Only files of FORMAT native and onnx are imported; C# is for programs.",
                syntax.Position),
        };
        ModelDefinition model = ModelCatalog.Create(name, syntax.Text, built, context);
        ModelWriter.SetTestUses(model.LiveVersion.Identity, testUses, context.Transaction);
        return new ModelChange(model, model.Live, built.Facts);
    }
}

namespace NeuroDb.Query;

/// <summary>IMPORT MODEL: a model from a file that EXPORT MODEL or other programs wrote.</summary>
internal sealed class BoundImportModel(ImportModelStatementSyntax syntax)
    : BoundModelChange("Import model", syntax, syntax.Name)
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
        string signedBy = syntax.Clauses.Key is { } key
            ? ModelSignature.Verify(file, path, CopyPath.Of(key, context), files) : "";
        ModelFileFormat format = ModelFiles.FormatOf(syntax.Clauses.Format, path);
        if (format != ModelFileFormat.Onnx
            && syntax.Clauses.Inputs.Count + syntax.Clauses.Outputs.Count > 0)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                "A native file says itself which columns it reads; INPUT and OUTPUT are for "
                + "FORMAT onnx.",
                syntax.Position);
        }

        (BuiltModel built, long testUses) = format switch
        {
            ModelFileFormat.Native => ModelFiles.Read(file, context.Models),
            ModelFileFormat.Onnx => (
                OnnxModelFile.Read(file, syntax.Clauses, syntax.Position, context), 0),
            _ => throw new NeuroStoreException(
                ErrorCode.NotSupported,
                "Only files of FORMAT native and onnx are imported; C# is for programs.",
                syntax.Position),
        };
        built = ModelFiles.WithSignature(built, signedBy);
        ModelDefinition model = ModelCatalog.Create(name, syntax.Text, built, context);
        ModelWriter.SetTestUses(model.LiveVersion.Identity, testUses, context.Transaction);
        return new ModelChange(model, model.Live, built.Facts);
    }
}

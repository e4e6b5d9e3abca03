using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace NeuroDb.Tests.Tidy;

/// <summary>
/// Which source file uses which assembly, read from the instructions of a compiled layer and the
/// documents of its symbols: it sees what a `var` hides from the text.
/// </summary>
internal sealed class MethodUses : IDisposable
{
    private static readonly Dictionary<int, OpCode> Instructions = typeof(OpCodes)
        .GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (int)(ushort)code.Value);

    private readonly PEReader _image;
    private readonly MetadataReader _metadata;
    private readonly MetadataReaderProvider _symbolsProvider;
    private readonly MetadataReader _symbols;

    public MethodUses(string path)
    {
        _image = new PEReader(ImmutableArray.Create(File.ReadAllBytes(path)));
        _metadata = _image.GetMetadataReader();
        byte[] symbols = File.ReadAllBytes(Path.ChangeExtension(path, ".pdb"));
        _symbolsProvider = MetadataReaderProvider.FromPortablePdbImage(
            ImmutableArray.Create(symbols));
        _symbols = _symbolsProvider.GetMetadataReader();
    }

    /// <summary>Pairs of a source file and an assembly that a method in it uses.</summary>
    public IEnumerable<(string File, string Assembly)> Find()
    {
        var found = new HashSet<(string File, string Assembly)>();
        foreach (MethodDefinitionHandle handle in _metadata.MethodDefinitions)
        {
            int body = _metadata.GetMethodDefinition(handle).RelativeVirtualAddress;
            string? file = body == 0 ? null : FileOf(handle);
            if (file != null)
            {
                found.UnionWith(AssembliesOf(_image.GetMethodBody(body).GetILReader())
                    .Select(assembly => (file, assembly)));
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _symbolsProvider.Dispose();
        _image.Dispose();
    }

    private string? FileOf(MethodDefinitionHandle handle)
    {
        MethodDebugInformation debug =
            _symbols.GetMethodDebugInformation(handle.ToDebugInformationHandle());
        DocumentHandle document = debug.Document.IsNil
            ? debug.GetSequencePoints().Select(point => point.Document).FirstOrDefault()
            : debug.Document;
        return document.IsNil
            ? null
            : _symbols.GetString(_symbols.GetDocument(document).Name).Replace('\\', '/');
    }

    private List<string> AssembliesOf(BlobReader code)
    {
        var assemblies = new List<string>();
        while (code.RemainingBytes > 0)
        {
            int value = code.ReadByte();
            OpCode instruction = Instructions[value == 0xFE ? 0xFE00 | code.ReadByte() : value];
            switch (instruction.OperandType)
            {
                case OperandType.InlineField:
                case OperandType.InlineMethod:
                case OperandType.InlineTok:
                case OperandType.InlineType:
                    if (AssemblyOf(MetadataTokens.EntityHandle(code.ReadInt32())) is { } assembly)
                    {
                        assemblies.Add(assembly);
                    }

                    break;
                case OperandType.InlineSwitch:
                    int targets = code.ReadInt32();
                    code.Offset += targets * sizeof(int);
                    break;
                default:
                    code.Offset += SizeOf(instruction.OperandType);
                    break;
            }
        }

        return assemblies;
    }

    private static int SizeOf(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI
            or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    /// <summary>
    /// The assembly of a type or of a member's type; null for our own and generic ones.
    /// </summary>
    private string? AssemblyOf(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.MemberReference =>
            AssemblyOf(_metadata.GetMemberReference((MemberReferenceHandle)handle).Parent),
        HandleKind.MethodSpecification =>
            AssemblyOf(_metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method),
        HandleKind.TypeReference =>
            AssemblyOf(_metadata.GetTypeReference((TypeReferenceHandle)handle).ResolutionScope),
        HandleKind.AssemblyReference => _metadata.GetString(
            _metadata.GetAssemblyReference((AssemblyReferenceHandle)handle).Name),
        _ => null,
    };
}

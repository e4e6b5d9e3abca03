using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace NeuroDb.Tests.Tidy;

/// <summary>
/// What a compiled assembly names of others, read from its metadata without loading it.
/// </summary>
internal sealed class AssemblyReader
{
    private readonly MetadataReader _metadata;

    public AssemblyReader(string path)
    {
        ImmutableArray<byte> image = ImmutableArray.Create(File.ReadAllBytes(path));
        _metadata = new PEReader(image).GetMetadataReader();
    }

    /// <summary>The simple names of the assemblies that it references.</summary>
    public IEnumerable<string> References => _metadata.AssemblyReferences.Select(
        handle => _metadata.GetString(_metadata.GetAssemblyReference(handle).Name));

    /// <summary>The members of other assemblies that it uses, as `Namespace.Type.Member`.</summary>
    public IEnumerable<string> UsedMembers
    {
        get
        {
            foreach (MemberReferenceHandle reference in _metadata.MemberReferences)
            {
                MemberReference member = _metadata.GetMemberReference(reference);
                if (member.Parent.Kind == HandleKind.TypeReference)
                {
                    var handle = (TypeReferenceHandle)member.Parent;
                    TypeReference type = _metadata.GetTypeReference(handle);
                    string space = _metadata.GetString(type.Namespace);
                    string name = _metadata.GetString(type.Name);
                    yield return $"{space}.{name}.{_metadata.GetString(member.Name)}";
                }
            }
        }
    }
}

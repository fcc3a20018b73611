using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace LazyHost.Hosting;

/// <summary>What an assembly's metadata says, read without loading it.</summary>
/// <param name="Name">The assembly's name.</param>
/// <param name="Version">The informational version without build metadata, else the assembly version.</param>
/// <param name="ModuleVersionId">Differs between any two builds of different code.</param>
/// <param name="Contract">The contract version stamped into it, or null.</param>
/// <param name="References">The assemblies it refers to.</param>
internal sealed record PluginMetadata(string Name, string Version, Guid ModuleVersionId, Version? Contract, IReadOnlyList<System.Reflection.AssemblyName> References)
{
    /// <summary>Reads a file; null where it is not a .NET assembly (a native library).</summary>
    /// <exception cref="BadImageFormatException">The file is damaged.</exception>
    public static PluginMetadata? TryRead(string path)
    {
        using var stream = File.OpenRead(path);
        using var image = new PEReader(stream);
        if (!image.HasMetadata) return null;
        var reader = image.GetMetadataReader();
        if (!reader.IsAssembly) return null;
        var definition = reader.GetAssemblyDefinition();
        Version? contract = null;
        var version = definition.Version.ToString();
        foreach (var handle in definition.GetCustomAttributes())
        {
            var attribute = reader.GetCustomAttribute(handle);
            switch (TypeName(reader, attribute))
            {
                case "LazyHost.Backends.LazyHostContractAttribute":
                    var numbers = Arguments(reader, attribute);
                    contract = new(numbers.ReadInt32(), numbers.ReadInt32());
                    break;
                case "System.Reflection.AssemblyInformationalVersionAttribute":
                    version = Arguments(reader, attribute).ReadSerializedString()?.Split('+')[0] ?? version;
                    break;
            }
        }
        return new(reader.GetString(definition.Name), version, reader.GetGuid(reader.GetModuleDefinition().Mvid), contract,
            [.. reader.AssemblyReferences.Select(r => reader.GetAssemblyReference(r).GetAssemblyName())]);
    }

    private static string? TypeName(MetadataReader reader, CustomAttribute attribute)
    {
        if (attribute.Constructor.Kind != HandleKind.MemberReference) return null;
        var parent = reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
        if (parent.Kind != HandleKind.TypeReference) return null;
        var type = reader.GetTypeReference((TypeReferenceHandle)parent);
        return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
    }

    private static BlobReader Arguments(MetadataReader reader, CustomAttribute attribute)
    {
        var blob = reader.GetBlobReader(attribute.Value);
        return blob.ReadUInt16() == 1 ? blob : throw new BadImageFormatException("a custom attribute has no prolog");
    }
}

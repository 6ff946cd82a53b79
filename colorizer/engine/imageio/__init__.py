"""Picture files: `reading` any photograph, `writing` results that say how they were made."""

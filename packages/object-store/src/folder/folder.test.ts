import { objectStoreContract } from "../store.contract.ts";
import { openFolder } from "./testing/open-folder.ts";

objectStoreContract("a folder", openFolder);
